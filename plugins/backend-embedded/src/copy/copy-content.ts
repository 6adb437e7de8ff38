import { chmodSync, closeSync, constants, copyFileSync, fstatSync, lstatSync, openSync, readSync, writeSync, type BigIntStats } from 'node:fs';
import { encodePath } from '@strake/context';

/** Up to this many bytes reading and writing costs less than the kernel's own copying, which asks both files several times. */
const SMALL = 1 << 16;
/** One for all: larger by a byte, so that a file that has grown shows itself. */
const buffer = Buffer.allocUnsafeSlow(SMALL + 1);

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_WRONLY, O_CREAT, O_EXCL, COPYFILE_EXCL } = constants;

/** A source to copy the bytes of. `size` is what it was when it was selected; `mode` is the new file's (the umask must be 0). */
export interface ContentCopy {
  readonly source: string;
  readonly target: string;
  readonly size: number;
  readonly mode: number;
}

/** Copies a file's bytes into a new file; answers what the source is after its last byte was read. Throws the system's errors, EEXIST among them. */
export function copyContent(copy: ContentCopy): BigIntStats {
  return (copy.size <= SMALL ? copySmall(copy) : undefined) ?? copyLarge(copy);
}

/** Undefined when the file is not small any more. */
function copySmall({ source, target, mode }: ContentCopy): BigIntStats | undefined {
  // Not to wait for ever where a pipe has taken the file's place.
  const input = openSync(encodePath(source), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  let length = 0;
  let stats: BigIntStats;
  try {
    for (let got = 1; got > 0 && length < buffer.length; length += got) got = readSync(input, buffer, length, buffer.length - length, null);
    stats = fstatSync(input, { bigint: true });
  } finally {
    closeSync(input);
  }
  if (length === buffer.length) return undefined;
  const output = openSync(encodePath(target), O_WRONLY | O_CREAT | O_EXCL, mode);
  try {
    for (let done = 0; done < length; ) done += writeSync(output, buffer, done, length - done);
  } finally {
    closeSync(output);
  }
  return stats;
}

function copyLarge({ source, target, mode }: ContentCopy): BigIntStats {
  copyFileSync(encodePath(source), encodePath(target), COPYFILE_EXCL);
  chmodSync(encodePath(target), mode);
  return lstatSync(encodePath(source), { bigint: true });
}
