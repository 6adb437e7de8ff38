import type { S3Client } from '@aws-sdk/client-s3';
import type { Aws } from './bucket';

/** The largest object that can be copied at once (S3 API, CopyObject). */
const MOST_AT_ONCE = 5 * 1024 ** 3;

/** What is made young. */
export interface Touched {
  readonly aws: Aws;
  readonly client: S3Client;
  readonly bucket: string;
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly signal: AbortSignal;
}

/** Copies an object onto itself: the only way in which S3 changes the time of one. */
export async function touchObject(touched: Touched): Promise<void> {
  const { aws, client, bucket, key, size, signal } = touched;
  if (size > MOST_AT_ONCE) return touchLarge(touched);
  // A copy onto itself must change something.
  const changed = { MetadataDirective: 'REPLACE', Metadata: { 'updated-at': new Date().toISOString() } } as const;
  await client.send(new aws.CopyObjectCommand({ Bucket: bucket, Key: key, CopySource: sourceOf(touched), ...changed }), { abortSignal: signal });
}

async function touchLarge(touched: Touched): Promise<void> {
  const { aws, client, bucket, key, signal } = touched;
  const place = { Bucket: bucket, Key: key };
  const { UploadId } = await client.send(new aws.CreateMultipartUploadCommand(place), { abortSignal: signal });
  try {
    const Parts = [];
    for (const [index, range] of rangesOf(touched.size).entries()) {
      const { CopyPartResult } = await client.send(new aws.UploadPartCopyCommand({ ...place, UploadId, PartNumber: index + 1, CopySource: sourceOf(touched), CopySourceRange: range }), { abortSignal: signal });
      Parts.push({ PartNumber: index + 1, ETag: CopyPartResult?.ETag });
    }
    await client.send(new aws.CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload: { Parts } }), { abortSignal: signal });
  } catch (error) {
    await client.send(new aws.AbortMultipartUploadCommand({ ...place, UploadId })).catch(() => undefined);
    throw error;
  }
}

/** The ranges that a large object is copied in. */
export function rangesOf(size: number, most = MOST_AT_ONCE): readonly string[] {
  const starts = Array.from({ length: Math.ceil(size / most) }, (_, index) => index * most);
  return starts.map((start) => `bytes=${start}-${Math.min(start + most, size) - 1}`);
}

function sourceOf({ bucket, key }: Touched): string {
  return [bucket, ...key.split('/')].map(encodeURIComponent).join('/');
}
