import { createHash } from 'node:crypto';
import { closeSync, lstatSync, openSync, readlinkSync, readSync, type BigIntStats } from 'node:fs';
import { DockerfileError } from '@strake/api';
import { encodePath, type TakenFile } from '@strake/context';
import type { TarType } from '@strake/oci';
import type { CopyDetails, CopyReader } from './copy-reader';

/** File systems keep change times by a coarse clock: this many milliseconds of doubt. */
const CLOCK = 50;

/** Reads from the directory of a build context. What changed at or after `since` (milliseconds) is compared with its digest again. */
export class ContextReader implements CopyReader {
  readonly keepOwner = false;
  private readonly directory: string;
  private readonly since: number;
  private readonly buffer = Buffer.allocUnsafeSlow(1 << 18);

  constructor(directory: string, since: number) {
    this.directory = directory;
    this.since = since;
  }

  details(file: TakenFile): CopyDetails {
    const path = this.path(file);
    const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined || (file.type !== 'symlink' && (Number(stats.mode) & 0o7777) !== file.mode)) throw changed(file);
    return {
      type: typeOf(stats), mtime: stats.mtimeNs, size: file.type === 'file' ? Number(stats.size) : 0,
      ...(file.type === 'symlink' ? { target: readlinkSync(path, 'buffer') } : {}),
      ...(file.type === 'other' ? deviceOf(stats) : {}),
      ...(file.type === 'file' && stats.nlink > 1n ? { links: `${stats.dev}:${stats.ino}` } : {}),
    };
  }

  *content(file: TakenFile, size: number): Generator<Buffer, void, undefined> {
    const path = this.path(file);
    const descriptor = openSync(path, 'r');
    try {
      const doubtful = Number(lstatSync(path, { bigint: true }).ctimeMs) >= this.since - CLOCK;
      const hash = doubtful ? createHash('sha256') : undefined;
      for (let done = 0; done < size; ) {
        const length = readSync(descriptor, this.buffer, 0, Math.min(this.buffer.length, size - done), null);
        if (length === 0) throw changed(file);
        const piece = this.buffer.subarray(0, length);
        hash?.update(piece);
        done += length;
        yield piece;
      }
      // A context's owner is no part of its digests: type, mode, content.
      if (hash !== undefined && hash.digest('hex') !== file.digest.split(':')[2]) throw changed(file);
    } finally {
      closeSync(descriptor);
    }
  }

  private path({ source }: TakenFile): string | Buffer {
    return encodePath(`${this.directory}/${source}`);
  }
}

function typeOf(stats: BigIntStats): TarType {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isFIFO()) return 'fifo';
  return stats.isBlockDevice() ? 'block' : 'character';
}

function deviceOf({ rdev }: BigIntStats): Pick<CopyDetails, 'major' | 'minor'> {
  return { major: Number((rdev >> 8n) & 0xfffn), minor: Number((rdev & 0xffn) | ((rdev >> 12n) & 0xfff00n)) };
}

/** A file is not any more what the cache key says. */
function changed({ source }: TakenFile): DockerfileError {
  return new DockerfileError('CONTEXT_INVALID', `"${source}" changed while it was copied`, { hint: 'build again when nothing writes to the build context' });
}
