import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { Unknown } from './unknown';

/** Bytes: what is read as a text is never that large. */
const LARGEST = 64 << 20;

/** The text of a file that is one, and no link; undefined where there is none. Throws `Unknown`. */
export function readPlain(path: string): string | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(code)) return undefined;
    throw new Unknown(`the git repository of the build context cannot be read (${code})`);
  }
  try {
    const stats = fstatSync(fd);
    return stats.isFile() && stats.size <= LARGEST ? readFileSync(fd, 'utf8') : undefined;
  } finally {
    closeSync(fd);
  }
}
