import { bind } from './libc';
import { cPath, type Path } from './path';
import { check } from './system-error';

const nativeUtimensat = bind('int utimensat(int directory, const char *path, const int64_t *times, int flags)');

const AT_FDCWD = -100;
const AT_SYMLINK_NOFOLLOW = 0x100;
const SECOND = 1_000_000_000n;

/** Sets modification and access time to the nanosecond; links are not followed. `mtime` is nanoseconds since the epoch. */
export function setTimes(path: Path, mtime: bigint): void {
  let seconds = mtime / SECOND;
  let nanoseconds = mtime % SECOND;
  if (nanoseconds < 0n) {
    seconds -= 1n;
    nanoseconds += SECOND;
  }
  // Two timespecs, access then modification, as a 64-bit Linux lays them out; a named koffi struct could be defined only once a process.
  const times = BigInt64Array.of(seconds, nanoseconds, seconds, nanoseconds);
  check(nativeUtimensat(AT_FDCWD, cPath(path), times, AT_SYMLINK_NOFOLLOW), 'utimensat', path);
}
