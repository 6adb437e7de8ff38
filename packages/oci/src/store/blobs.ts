import type { Descriptor, Digest } from '@strake/api';
import { OperatorError, StrakeError } from '@strake/api';
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { digestOf, hexOf } from '../digest';
import { PartialBlob } from './partial-blob';
import { storeError, withStoreErrors } from './store-errors';
import type { StoreFiles } from './store-files';

/** What is known of bytes before they come. */
export interface Expected {
  readonly digest?: Digest;
  /** Bytes. */
  readonly size?: number;
  /** For the descriptor that is answered; `application/octet-stream` by default. */
  readonly mediaType?: string;
  /** Where the bytes go: those that it has are the first of the stream. It is gone afterwards, unless the transfer broke. */
  readonly into?: PartialBlob;
}

/** Fewer bytes are brought again sooner than they are looked for. */
const WORTH_KEEPING = 1 << 20;

/** Immutable bytes by their digest. */
export class Blobs {
  readonly #files: StoreFiles;

  constructor(files: StoreFiles) {
    this.#files = files;
  }

  /** Whether the bytes are there; with `size`, whether they are there in full. */
  has(digest: Digest, size?: number): boolean {
    const found = this.#files.size('blobs', 'sha256', hexOf(digest));
    return found !== undefined && (size === undefined || found === size);
  }

  path(digest: Digest): string {
    return this.#files.path('blobs', 'sha256', hexOf(digest));
  }

  /** All bytes of a small blob. Throws STORE_INVALID when it is missing or damaged. */
  read(digest: Digest): Buffer {
    const bytes = this.#files.read('blobs', 'sha256', hexOf(digest));
    if (bytes === undefined || digestOf(bytes) !== digest) {
      throw new OperatorError('STORE_INVALID', `the blob ${digest} is ${bytes === undefined ? 'missing from' : 'damaged in'} the store ${this.#files.root}`);
    }
    return bytes;
  }

  /** The bytes as a stream; not verified. */
  open(digest: Digest): Readable {
    return createReadStream(this.path(digest), { highWaterMark: 1 << 20 });
  }

  write(mediaType: string, bytes: Buffer): Descriptor {
    const digest = digestOf(bytes);
    if (!this.has(digest, bytes.length)) this.#files.write(bytes, 'blobs', 'sha256', hexOf(digest));
    return { mediaType, digest, size: bytes.length };
  }

  /** Takes in a stream. Nothing is kept unless digest and size are as expected. Throws DIGEST_MISMATCH, DISK_FULL. */
  async ingest(source: AsyncIterable<Buffer> | Iterable<Buffer>, expected: Expected = {}): Promise<Descriptor> {
    const { into } = expected;
    const temporary = into?.path ?? this.#files.temporaryPath();
    try {
      const { digest, size } = await writeHashed(source, temporary, { limit: expected.size ?? Infinity, there: into?.size });
      checkExpected({ digest, size }, expected);
      renameSync(temporary, this.path(digest));
      return { mediaType: expected.mediaType ?? 'application/octet-stream', digest, size };
    } catch (error) {
      if (into === undefined || !isBroken(error) || (this.#files.size('partial', basename(temporary)) ?? 0) < WORTH_KEEPING) rmSync(temporary, { force: true });
      throw storeError(error, this.#files.root);
    }
  }

  /** What an earlier transfer of a large blob has left, to go on with; undefined where that is not worth it, or while another transfer has it. */
  partial(digest: Digest, size: number): PartialBlob | undefined {
    if (size < WORTH_KEEPING) return undefined;
    this.#files.assertWritable();
    this.#files.ensure('partial');
    return withStoreErrors(this.#files.root, () => PartialBlob.take(this.partialPath(digest), size));
  }

  /** The blobs that transfers have left unfinished. The store is the caller's alone. */
  listPartial(): readonly Digest[] {
    return this.#files.list('partial').map((hex): Digest => `sha256:${hex}`);
  }

  partialPath(digest: Digest): string {
    return this.#files.path('partial', hexOf(digest));
  }

  deletePartial(digest: Digest): void {
    this.#files.remove('partial', hexOf(digest));
  }

  delete(digest: Digest): void {
    this.#files.remove('blobs', 'sha256', hexOf(digest));
  }

  list(): readonly Digest[] {
    return this.#files.list('blobs/sha256').map((hex): Digest => `sha256:${hex}`);
  }
}

/** Whether a transfer ended before its time, and what has come may be right. */
function isBroken(error: unknown): boolean {
  return error instanceof StrakeError && (error.code === 'CANCELLED' || error.code === 'REGISTRY_UNREACHABLE');
}

/** The first bytes may be in the file already. */
async function writeHashed(source: AsyncIterable<Buffer> | Iterable<Buffer>, path: string, { limit, there }: { readonly limit: number; readonly there: number | undefined }): Promise<{ digest: Digest; size: number }> {
  const fd = openSync(path, there === undefined ? 'wx' : 'r+', 0o600);
  const hash = createHash('sha256');
  let size = 0;
  try {
    for await (const chunk of source) {
      size += chunk.length;
      if (size > limit) break;
      hash.update(chunk);
      const from = size - chunk.length;
      for (let done = Math.min(chunk.length, Math.max(0, (there ?? 0) - from)); done < chunk.length; ) done += writeSync(fd, chunk, done, chunk.length - done, from + done);
    }
  } finally {
    closeSync(fd);
  }
  return { digest: `sha256:${hash.digest('hex')}`, size };
}

function checkExpected(got: { readonly digest: Digest; readonly size: number }, expected: Expected): void {
  if (expected.size !== undefined && expected.size !== got.size) {
    const amount = got.size > expected.size ? 'more' : `${got.size}`;
    throw new OperatorError('DIGEST_MISMATCH', `${expected.digest ?? 'a blob'} should have ${expected.size} bytes but has ${amount}`);
  }
  if (expected.digest !== undefined && expected.digest !== got.digest) {
    throw new OperatorError('DIGEST_MISMATCH', `expected ${expected.digest} but the bytes have ${got.digest}`);
  }
}
