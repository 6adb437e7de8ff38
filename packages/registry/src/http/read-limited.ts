import { OperatorError } from '@strake/api';
import type { Reply } from './transport';

/** The whole body of an answer, at most `limit` bytes. Throws IMAGE_INVALID for more, before it is read. */
export async function readLimited({ body, headers, url }: Reply, limit: number, what: string): Promise<Buffer> {
  const declared = Number(headers['content-length'] ?? 0);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    if (declared > limit) throw tooLong(what, url, limit);
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw tooLong(what, url, limit);
      chunks.push(chunk);
    }
  } finally {
    body.destroy();
  }
  return Buffer.concat(chunks);
}

/** The beginning of a body that is only for a message. */
export async function readSome({ body }: Reply, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= limit) break;
    }
  } catch {
    // What came is enough.
  } finally {
    body.destroy();
  }
  return Buffer.concat(chunks).subarray(0, limit).toString('utf8');
}

function tooLong(what: string, { host }: URL, limit: number): OperatorError {
  return new OperatorError('IMAGE_INVALID', `${what} from ${host} has more than the ${limit} bytes that are read`);
}
