import type { Descriptor } from '@strake/api';
import { OperatorError } from '@strake/api';
import { PassingError } from '../http/passing-error';
import { pause, type Patience } from '../http/retry';
import { headerOf, type Reply } from '../http/transport';
import type { Repository } from './repository';

/** How a blob is downloaded. */
export interface DownloadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly patience: Omit<Patience, 'signal'>;
  /** Bytes so far. */
  readonly progress: (current: number) => void;
  /** Bytes that the reader has already. */
  readonly from?: number;
}

/** So many bytes more make a broken transfer count as a new one: a slow line is not given up, a server that only teases is. */
const ENOUGH = 1 << 20;

/**
 * The bytes of a blob. A transfer that breaks goes on where it was (RFC 9110, 14.2), or from the start where the server cannot. Never more
 * than the descriptor's size comes out. The digest is the reader's to verify. Throws DIGEST_MISMATCH, and what requests throw.
 */
export async function* download(repository: Repository, descriptor: Descriptor, { signal, patience, progress, from = 0 }: DownloadOptions): AsyncGenerator<Buffer, void, undefined> {
  const { digest, size } = descriptor;
  let [offset, attempt, settled] = [from, 1, from];
  while (offset < size || offset === 0) {
    try {
      const reply = await repository.openBlob(digest, offset, signal);
      for await (const chunk of rest(reply, descriptor, offset)) {
        offset += chunk.length;
        progress(offset);
        yield chunk;
      }
      if (offset === size) return;
      throw new PassingError(new OperatorError('DIGEST_MISMATCH', `${reply.url.host} gave ${offset} of the ${size} bytes of ${digest}`));
    } catch (error) {
      const broken = repository.connection.broken(error, { signal, subject: repository.subject('pull', digest) });
      if (!(broken instanceof PassingError)) throw broken;
      if (offset - settled >= ENOUGH) [attempt, settled] = [1, offset];
      await pause(broken, attempt++, { ...patience, signal });
    }
  }
}

/** The bytes of an answer from `offset` on. */
async function* rest(reply: Reply, { digest, size }: Descriptor, offset: number): AsyncGenerator<Buffer> {
  const { body, url } = reply;
  let skip = begins(reply, offset) ? 0 : offset;
  let left = size - offset;
  try {
    const declared = headerOf(reply, 'content-length');
    if (declared !== undefined && Number(declared) !== left + skip) throw new OperatorError('DIGEST_MISMATCH', `${url.host} has ${Number(declared) - skip + offset} bytes for ${digest}, not ${size}`);
    for await (const chunk of body as AsyncIterable<Buffer>) {
      const wanted = chunk.subarray(Math.min(skip, chunk.length));
      skip -= chunk.length - wanted.length;
      left -= wanted.length;
      if (left < 0) throw new OperatorError('DIGEST_MISMATCH', `${url.host} gives more than the ${size} bytes of ${digest}`);
      if (wanted.length > 0) yield wanted;
    }
  } finally {
    body.on('error', () => undefined).destroy();
  }
}

/** Whether an answer begins at the offset that was asked for, not at the start. */
function begins(reply: Reply, offset: number): boolean {
  if (reply.status !== 206) return offset === 0;
  const [, first] = /^bytes (\d+)-/.exec(headerOf(reply, 'content-range') ?? '') ?? [];
  if (Number(first) === offset) return true;
  reply.body.on('error', () => undefined).destroy();
  throw new OperatorError('REGISTRY_FAILED', `${reply.url.host} gives another part than was asked for`);
}
