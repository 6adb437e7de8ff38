import { bind } from './libc';
import { cPath, type Path } from './path';
import { check, systemError } from './system-error';

const nativeList = bind('int64_t llistxattr(const char *path, _Out_ uint8_t *list, uint64_t size)');
const nativeGet = bind('int64_t lgetxattr(const char *path, const char *name, _Out_ uint8_t *value, uint64_t size)');
const nativeSet = bind('int lsetxattr(const char *path, const char *name, const uint8_t *value, uint64_t size, int flags)');
const nativeRemove = bind('int lremovexattr(const char *path, const char *name)');

const scratch = Buffer.alloc(65536);

/** Names of the extended attributes of a path; links are not followed. Empty where the file system has none. */
export function listXattrs(path: Path): readonly string[] {
  const length = nativeList(cPath(path), scratch, scratch.length);
  if (length < 0) {
    const error = systemError('llistxattr', path);
    if (error.code === 'ENOTSUP' || error.code === 'EOPNOTSUPP') return [];
    throw error;
  }
  return length === 0 ? [] : scratch.toString('utf8', 0, length - 1).split('\0');
}

/** The value of an extended attribute; undefined when the path has none of that name. */
export function getXattr(path: Path, name: string): Buffer | undefined {
  const length = nativeGet(cPath(path), name, scratch, scratch.length);
  if (length >= 0) return Buffer.from(scratch.subarray(0, length));
  const error = systemError('lgetxattr', path);
  if (error.code === 'ENODATA' || error.code === 'ENOTSUP' || error.code === 'EOPNOTSUPP') return undefined;
  throw error;
}

/** Sets an extended attribute; links are not followed. */
export function setXattr(path: Path, name: string, value: Buffer): void {
  check(nativeSet(cPath(path), name, value, value.length, 0), 'lsetxattr', path);
}

/** Removes an extended attribute. */
export function removeXattr(path: Path, name: string): void {
  check(nativeRemove(cPath(path), name), 'lremovexattr', path);
}
