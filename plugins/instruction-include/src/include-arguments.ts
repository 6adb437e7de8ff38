import { positionAt, type InstructionNode } from '@strake/api';

/** `path [ARG=value…]`: the path, and where the arguments begin. */
interface IncludeArguments {
  readonly path: string;
  readonly rest: number;
}

/** What is wrong with an INCLUDE's path, or undefined. */
export function pathProblem(text: string): { readonly message: string; readonly hint?: string } | undefined {
  const { path } = splitInclude(text);
  if (/["'\\]/.test(path)) return { message: `INCLUDE takes a path without quotes and blanks, not ${path}` };
  if (path.includes('$')) return { message: 'INCLUDE expands no variables: files are read before any has a value', hint: 'write the path itself' };
  return undefined;
}

/** The path that an INCLUDE names. */
export function pathOf({ text }: InstructionNode): string {
  return splitInclude(text).path;
}

/** The ARG that an INCLUDE with arguments stands for, at its place; undefined without arguments. */
export function argumentsOf(node: InstructionNode): InstructionNode | undefined {
  const { rest } = splitInclude(node.text);
  const text = node.text.slice(rest);
  if (text === '') return undefined;
  const segments = [
    { offset: 0, position: positionAt(node.segments, rest) },
    ...node.segments.filter(({ offset }) => offset > rest).map(({ offset, position }) => ({ offset: offset - rest, position })),
  ];
  const { range, keywordRange } = node;
  return { keyword: 'ARG', written: 'ARG', flags: [], text, segments, heredocs: [], original: `ARG ${text}`, range, keywordRange, comments: [] };
}

function splitInclude(text: string): IncludeArguments {
  const [whole = '', path = ''] = /^(\S+)\s*/.exec(text) ?? [];
  return { path, rest: whole.length };
}
