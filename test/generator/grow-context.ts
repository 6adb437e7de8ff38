import type { Choice } from './choice';
import type { GeneratedFile } from './generated-build';

const FOLDERS = ['src', 'lib', 'docs', 'a', 'a b', 'ünï', '.config', 'deep'];
const NAMES = ['a.txt', 'b.txt', 'c.md', 'main.go', 'index.js', 'Makefile', '.env', 'with blank', 'ä.txt', '-dash', 'x[1].txt', 'no', 'README.md', 'tool'];
const LINKS = ['a.txt', '../a.txt', '/etc/passwd', 'nowhere', '.', '..', 'src'];

/** A small tree: up to a dozen files, folders and links, no name twice. */
export function growContext(choice: Choice): readonly GeneratedFile[] {
  const files = new Map<string, GeneratedFile>();
  const folders = [''];
  for (let count = choice.between(0, 12); count > 0; count -= 1) {
    const parent = choice.pick(folders);
    const kind = choice.weighted<GeneratedFile['kind']>([[6, 'file'], [3, 'directory'], [1, 'symlink']]);
    const path = `${parent}${choice.pick(kind === 'directory' ? FOLDERS : NAMES)}`;
    if (files.has(path)) continue;
    if (kind === 'directory') folders.push(`${path}/`);
    files.set(path, { path, kind, content: contentOf(choice, kind), mode: kind === 'directory' ? choice.pick([0o755, 0o755, 0o700, 0o1777]) : choice.pick([0o644, 0o644, 0o755, 0o600, 0o4755]) });
  }
  return [...files.values()];
}

function contentOf(choice: Choice, kind: GeneratedFile['kind']): string {
  if (kind === 'directory') return '';
  if (kind === 'symlink') return choice.pick(LINKS);
  return choice.pick(['', 'text\n', 'x', 'A=$A\n', '#!/bin/sh\necho ran\n', 'ü'.repeat(300)]);
}

/** Lines of an ignore file that fit the names above. */
export function growIgnore(choice: Choice): readonly string[] {
  if (!choice.percent(25)) return [];
  return choice.several(1, 4, () => choice.pick([
    '*.txt', '**/*.md', 'src', 'src/', '/lib', '!a.txt', '!src/a.txt', '*', '!src', '# comment', '', '  docs  ', 'a?b', '**/.env', '.*', '!**/*.txt', 'deep/**', '[ab].txt', './docs', 'docs/../lib', '!lib/**/c.md', 'Dockerfile', '.dockerignore',
  ]));
}
