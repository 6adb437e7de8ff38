import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readlinkSync, readSync, type Stats } from 'node:fs';
import { OperatorError, type FailedFile } from '@strake/api';
import { resolveInRoot } from '../rootfs/resolve-in-root';

/** Reads a file of a mounted tree. Throws SOURCE_MISSING, USAGE. */
export function readFileOf(root: string, path: string, limit: number): Uint8Array {
  return opened(root, path, (fd, stats) => {
    if (!stats.isFile()) throw new OperatorError('USAGE', `${path} is no file`);
    if (stats.size > limit) throw new OperatorError('USAGE', `${path} has ${stats.size} bytes, which are more than ${limit}`, { hint: 'raise the limit, or read it with a program' });
    const bytes = new Uint8Array(stats.size);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read) read = readSync(fd, bytes, length, bytes.length - length, null);
    return bytes.subarray(0, length);
  });
}

/** Lists a directory of a mounted tree, by name. Throws SOURCE_MISSING, USAGE. */
export function listDirectoryOf(root: string, path: string): readonly FailedFile[] {
  return opened(root, path, (fd, stats) => {
    if (!stats.isDirectory()) throw new OperatorError('USAGE', `${path} is no directory`);
    const place = `/proc/self/fd/${fd}`;
    return readdirSync(place).sort().map((name) => factsOf(`${place}/${name}`, name));
  });
}

function factsOf(file: string, name: string): FailedFile {
  const stats = lstatSync(file);
  const { size, mode, uid, gid } = stats;
  return { name, type: typeOf(stats), size, mode: mode & 0o7777, uid, gid, ...(stats.isSymbolicLink() ? { target: readlinkSync(file) } : {}) };
}

function typeOf(stats: Stats): FailedFile['type'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'symlink' : 'other';
}

/** A program may run in the tree and put a link where none was: what was opened counts, and that it lies where it was looked up. */
function opened<T>(root: string, path: string, work: (fd: number, stats: Stats) => T): T {
  const place = resolveInRoot(root, path);
  let fd: number;
  try {
    fd = openSync(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    throw new OperatorError('SOURCE_MISSING', `${path}: not found`, { cause });
  }
  try {
    if (readlinkSync(`/proc/self/fd/${fd}`) !== place) throw new OperatorError('SOURCE_MISSING', `${path}: not found`, { hint: 'it is being changed' });
    return work(fd, fstatSync(fd));
  } finally {
    closeSync(fd);
  }
}
