import { OperatorError } from '@strake/api';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FilesInput } from './context-input';

/** Files from memory have no time of their own: this one makes equal files equal. */
const NO_TIME = 0;

/** Writes files from memory into an empty directory, with mode 0644. Throws CONTEXT_INVALID for a path that is none or leads out. */
export function writeFiles({ files }: FilesInput, directory: string): void {
  for (const [path, content] of Object.entries(files)) {
    const parts = path.split('/');
    if (path === '' || path.startsWith('/') || path.includes('\0') || parts.some((part) => part === '' || part === '.' || part === '..')) {
      throw new OperatorError('CONTEXT_INVALID', `"${path}" is no path of a file in a build context`, { hint: 'write it relative to the root, without . and ..' });
    }
    const target = join(directory, path);
    mkdirSync(dirname(target), { recursive: true, mode: 0o755 });
    writeFileSync(target, content, { mode: 0o644 });
    utimesSync(target, NO_TIME, NO_TIME);
  }
}
