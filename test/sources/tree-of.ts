import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** What is in a directory, a line each: path, permission bits, content or target. `.git` is one line. */
export function treeOf(directory: string, below = ''): readonly string[] {
  return readdirSync(join(directory, below)).sort().flatMap((name) => {
    const path = below === '' ? name : `${below}/${name}`;
    const stat = lstatSync(join(directory, path));
    if (name === '.git') return [`${path} ${stat.isDirectory() ? 'directory' : 'file'}`];
    if (stat.isSymbolicLink()) return [`${path} -> ${readlinkSync(join(directory, path))}`];
    const mode = (stat.mode & 0o7777).toString(8);
    if (stat.isDirectory()) return [`${path}/ ${mode}`, ...treeOf(directory, path)];
    return [`${path} ${mode} ${JSON.stringify(readFileSync(join(directory, path), 'utf8'))}`];
  });
}
