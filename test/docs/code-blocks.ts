import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(__dirname, '../..');

/** A fenced block of a page. */
export interface CodeBlock {
  /** Relative to the repository. */
  readonly page: string;
  /** The line of the fence. */
  readonly line: number;
  /** `ts`, `dockerfile`, `sh`, …; empty when there is none. */
  readonly language: string;
  /** What follows the language: `run`, `refused`. */
  readonly marks: readonly string[];
  readonly text: string;
}

const folders = ['docs/guides', ...['packages', 'plugins', 'examples'].flatMap((group) => readdirSync(join(root, group)).map((name) => `${group}/${name}`))];

/** The pages whose blocks are tested. */
export const pages: readonly string[] = [
  'README.md', 'docs/checks/AUTHORS.md',
  ...folders.flatMap((folder) => readdirSync(join(root, folder)).filter((name) => name.endsWith('.md')).map((name) => `${folder}/${name}`)),
];

/** All blocks of a page, in order. */
export function blocksOf(page: string): readonly CodeBlock[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/^( *)```(\w*)([^\n]*)\n([^]*?)^\1```$/gm)].map((match) => {
    const [, indent = '', language = '', marks = '', body = ''] = match;
    const line = text.slice(0, match.index).split('\n').length;
    return { page: relative('.', page), line, language, marks: marks.trim().split(/\s+/).filter(Boolean), text: body.replace(new RegExp(`^${indent}`, 'gm'), '') };
  });
}

/** The file that a block stands for: what its first line says, else a name by its place. */
export function fileOf({ text, line }: CodeBlock): string {
  return /^(?:\/\/|#) ((?:[\w.-]+\/)*[\w.-]+\.\w+)\n/.exec(text)?.[1] ?? `block-${line}.ts`;
}
