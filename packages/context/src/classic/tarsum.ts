import { createHash, type Hash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { pathBytes } from '../file-name';

/** A tar header as far as a tarsum knows it. Times are no part of it. */
export interface TarsumHeader {
  /** Relative to the root; of a directory with a slash at the end. */
  readonly name: string;
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of a file's content; 0 of anything else. */
  readonly size: number;
  /** One character: `0` file, `1` hard link, `2` symbolic link, `3` and `4` devices, `5` directory, `6` pipe. */
  readonly typeflag: string;
  readonly linkname: string;
  readonly devmajor: number;
  readonly devminor: number;
  /** The value of `security.capability`, the only attribute that Docker puts into a context. */
  readonly capability?: Buffer;
}

/** A hash that has taken a header in the order and form of Docker's tarsum, version 1: what follows is the content. */
export function tarsumOf(header: TarsumHeader): Hash {
  const { mode, uid, gid, size, typeflag, devmajor, devminor, capability } = header;
  const hash = createHash('sha256').update('name').update(pathBytes(header.name)).update(`mode${mode}uid${uid}gid${gid}size${size}typeflag${typeflag}linkname`);
  // Names of users and groups were never part of a context's sums: they have no value.
  hash.update(pathBytes(header.linkname)).update(`unamegnamedevmajor${devmajor}devminor${devminor}`);
  return capability === undefined ? hash : hash.update('security.capability').update(capability);
}

const buffer = Buffer.allocUnsafeSlow(1 << 20);

/** Takes a file's bytes into a hash. Throws the system's error. */
export function hashContent(hash: Hash, path: string | Buffer): void {
  const file = openSync(path, 'r');
  try {
    for (let length = 1; length > 0; ) {
      length = readSync(file, buffer, 0, buffer.length, null);
      hash.update(buffer.subarray(0, length));
    }
  } finally {
    closeSync(file);
  }
}
