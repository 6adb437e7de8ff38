import { bind } from './libc';
import { check } from './system-error';

// Two `timespec` of two 64-bit numbers each. No named type: koffi knows each name once per process, tests load this often.
const nativeUtimensat = bind('int utimensat(int directory, const char *path, const int64_t *times, int flags)');

const AT_FDCWD = -100;
const AT_SYMLINK_NOFOLLOW = 0x100;
const SECOND = 1_000_000_000n;

/** Sets modification and access time to the nanosecond; links are not followed. `mtime` is nanoseconds since the epoch. */
export function setTimes(path: string, mtime: bigint): void {
  let seconds = mtime / SECOND;
  let nanoseconds = mtime % SECOND;
  if (nanoseconds < 0n) {
    seconds -= 1n;
    nanoseconds += SECOND;
  }
  const times = BigInt64Array.of(seconds, nanoseconds, seconds, nanoseconds);
  check(nativeUtimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW), 'utimensat', path);
}
