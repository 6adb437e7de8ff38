import type { CompletedPart, S3Client } from '@aws-sdk/client-s3';
import { CancelledError } from '@strake/api';
import { inPieces } from '@strake/oci';
import type { Aws } from './bucket';

/** What is uploaded, and where to. */
export interface Uploaded {
  readonly aws: Aws;
  readonly client: S3Client;
  readonly bucket: string;
  readonly key: string;
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  readonly content: AsyncIterable<Buffer>;
  readonly signal: AbortSignal;
}

/** Bytes of a part: at least 5 MiB, and at most 10,000 parts (S3 API, "Multipart upload limits"). */
const PART = 8 << 20;
const MOST_PARTS = 10_000;
const PARTS_AT_ONCE = 2;
/** Milliseconds for taking back what was not finished. */
const ABORT_WITHIN = 10_000;

/** Writes an object when all of it has come; in parts where it is large. A content that fails, or a signal, leaves nothing. */
export async function uploadObject(uploaded: Uploaded): Promise<void> {
  const { aws, client, bucket, key, type, size, content, signal } = uploaded;
  const pieces = inPieces(content, Math.max(PART, Math.ceil(size / MOST_PARTS)));
  try {
    if (signal.aborted) throw new CancelledError();
    const first = await pieces.next();
    const Body = first.done === true ? Buffer.alloc(0) : first.value;
    const second = await pieces.next();
    if (second.done === true) await client.send(new aws.PutObjectCommand({ Bucket: bucket, Key: key, Body, ContentType: type }), { abortSignal: signal });
    else await inParts(uploaded, resumed([Body, second.value], pieces));
  } finally {
    await pieces.return(undefined);
  }
}

async function inParts({ aws, client, bucket, key, type, signal }: Uploaded, pieces: AsyncIterable<Buffer>): Promise<void> {
  const place = { Bucket: bucket, Key: key };
  const { UploadId } = await client.send(new aws.CreateMultipartUploadCommand({ ...place, ContentType: type }), { abortSignal: signal });
  const parts: CompletedPart[] = [];
  let count = 0;
  const work = async (): Promise<void> => {
    for await (const [PartNumber, Body] of numbered(pieces, () => (count += 1))) {
      const { ETag } = await client.send(new aws.UploadPartCommand({ ...place, UploadId, PartNumber, Body }), { abortSignal: signal });
      parts.push({ PartNumber, ETag });
    }
  };
  try {
    // All have ended before anything is taken back: a part that is still on its way would stay.
    const failed = (await Promise.allSettled(Array.from({ length: PARTS_AT_ONCE }, work))).find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    const Parts = parts.sort((one, other) => (one.PartNumber ?? 0) - (other.PartNumber ?? 0));
    await client.send(new aws.CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload: { Parts } }), { abortSignal: signal });
  } catch (error) {
    await client.send(new aws.AbortMultipartUploadCommand({ ...place, UploadId }), { abortSignal: AbortSignal.timeout(ABORT_WITHIN) }).catch(() => undefined);
    throw error;
  }
}

/** Pieces that several workers take from; whoever leaves ends it for all. */
async function* numbered(pieces: AsyncIterable<Buffer>, next: () => number): AsyncGenerator<readonly [number, Buffer]> {
  for await (const piece of pieces) yield [next(), piece];
}

async function* resumed(before: readonly Buffer[], rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* before;
  yield* rest;
}
