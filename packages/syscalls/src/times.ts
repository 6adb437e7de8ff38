import { bind } from './libc';
import { cPath, type Path } from './path';
import { check } from './system-error';

const nativeUtimensat = bind('int utimensat(int directory, const char *path, const strake_timespec *times, int flags)', (koffi) =>
  koffi.struct('strake_timespec', { seconds: 'int64_t', nanoseconds: 'int64_t' }),
);

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
  const time = { seconds, nanoseconds };
  check(nativeUtimensat(AT_FDCWD, cPath(path), [time, time], AT_SYMLINK_NOFOLLOW), 'utimensat', path);
}
