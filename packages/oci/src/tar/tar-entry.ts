/** The kinds of tar entries that a layer may hold, by their type flag. */
export type TarType = 'file' | 'link' | 'symlink' | 'character' | 'block' | 'directory' | 'fifo';

export const TYPE_FLAGS: Readonly<Record<TarType, string>> = {
  file: '0',
  link: '1',
  symlink: '2',
  character: '3',
  block: '4',
  directory: '5',
  fifo: '6',
};

/** One entry's header. Paths are bytes: file names need not be UTF-8. */
export interface TarHeader {
  /** Without leading or trailing slash when written; as found when read. */
  readonly path: Buffer;
  readonly type: TarType;
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content that follow. */
  readonly size: number;
  /** Nanoseconds since the epoch. */
  readonly mtime: bigint;
  /** Of a link or symlink. */
  readonly target?: Buffer;
  readonly major?: number;
  readonly minor?: number;
  /** Extended attributes, sorted by name when written. */
  readonly xattrs?: readonly (readonly [name: string, value: Buffer])[];
}
