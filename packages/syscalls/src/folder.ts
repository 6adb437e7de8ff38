import { load } from './libc';
import { cPath, type Path } from './path';
import { check, systemError } from './system-error';

type Calls = ReturnType<typeof loadCalls>;

const loadCalls = () => ({
  openat: load('int openat(int directory, const char *name, int flags)'),
  statx: load('int statx(int directory, const char *name, int flags, unsigned int mask, void *found)'),
  read: load('long read(int fd, void *target, size_t length)'),
  close: load('int close(int fd)'),
});

let loaded: Calls | undefined;
const calls = (): Calls => (loaded ??= loadCalls());

const AT_FDCWD = -100;
const AT_SYMLINK_NOFOLLOW = 0x100;
const STATX_BASIC_STATS = 0x7ff;
const O_DIRECTORY = 0o200000;
const O_NOFOLLOW = 0o400000;
const O_CLOEXEC = 0o2000000;

/** Type bits of `st_mode`. */
const S_IFMT = 0o170000;
const SECOND = 1_000_000_000n;

/** What statx(2) tells of a file, as far as a copy of it needs it. */
export interface FileStat {
  /** Type bits of `st_mode`, to compare with `S_IFREG` and its like. */
  readonly type: number;
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  readonly links: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** Nanoseconds since 1970. */
  readonly mtime: bigint;
  /** Of a device. */
  readonly major: number;
  readonly minor: number;
  /** With `device` the same for all names of one file. */
  readonly inode: bigint;
  readonly device: number;
}

/**
 * A directory whose entries are reached by their names alone: the way to it is not walked again for each of them, and no link in it is
 * followed. For trees of many files: a third of what Node's `fs` needs, which takes whole paths. Errors are the system's.
 */
export class Folder {
  readonly #path: Path;
  readonly #fd: number;

  constructor(path: Path) {
    this.#path = path;
    this.#fd = check(calls().openat(AT_FDCWD, cPath(path), O_DIRECTORY | O_CLOEXEC), 'openat', path);
  }

  stat(name: Buffer): FileStat {
    if (calls().statx(this.#fd, cName(name), AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, statBytes) < 0) throw this.#error('statx', name);
    return decodeStat();
  }

  /** Opens a file for reading; it is closed by `closeFile`. */
  open(name: Buffer): number {
    const fd = calls().openat(this.#fd, cName(name), O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) throw this.#error('openat', name);
    return fd;
  }

  close(): void {
    calls().close(this.#fd);
  }

  #error(syscall: string, name: Buffer): Error {
    return systemError(syscall, `${this.#path.toString()}/${name.toString()}`);
  }
}

/** Reads at most so many bytes to a place in a buffer; answers how many, 0 at the end. */
export function readFile(fd: number, target: Buffer, at: number, length: number): number {
  return check(calls().read(fd, target.subarray(at, at + length), length), 'read');
}

export function closeFile(fd: number): void {
  calls().close(fd);
}

/** Longer than any name (NAME_MAX), which the system then refuses. */
const NAME_ROOM = 4096;
const nameBytes = Buffer.alloc(NAME_ROOM);

/** A name as C takes it, valid until the next one is made: such calls are synchronous. */
function cName(name: Buffer): Buffer {
  if (name.length >= NAME_ROOM || name.includes(0)) return cPath(name) as Buffer;
  nameBytes[name.copy(nameBytes)] = 0;
  return nameBytes;
}

/** A `struct statx` of linux/stat.h, seen as what it is made of; filled and read between two lines. */
const statBytes = Buffer.alloc(256);
const [halves, words, quads] = [new Uint16Array(statBytes.buffer), new Uint32Array(statBytes.buffer), new BigInt64Array(statBytes.buffer)];

function decodeStat(): FileStat {
  const mode = halves[14] as number;
  return {
    type: mode & S_IFMT,
    mode: mode & 0o7777,
    links: words[4] as number,
    uid: words[5] as number,
    gid: words[6] as number,
    size: Number(quads[5]),
    mtime: (quads[14] as bigint) * SECOND + BigInt(words[30] as number),
    major: words[32] as number,
    minor: words[33] as number,
    inode: quads[4] as bigint,
    device: (words[34] as number) * 2 ** 32 + (words[35] as number),
  };
}
