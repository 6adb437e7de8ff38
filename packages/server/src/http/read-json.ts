import type { Readable } from 'node:stream';
import { HttpError } from './status-of';

/** More than any body of the Engine API that is JSON has. */
const MOST_BYTES = 1 << 20;

/** Reads a body that is JSON. Throws `HttpError` 400, and 413 for one that is too long. */
export async function readJson(body: Readable | null | undefined): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new HttpError(413, 'the body is too long');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    // Not what it was: there may be secrets in it.
    throw new HttpError(400, 'the body is no JSON');
  }
}
