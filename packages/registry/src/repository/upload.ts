import type { Descriptor } from '@strake/api';
import { OperatorError } from '@strake/api';
import { Readable } from 'node:stream';
import { PassingError } from '../http/passing-error';
import { headerOf, type Reply } from '../http/transport';
import { wrongAnswer } from './connection';
import type { Repository } from './repository';

/** A blob to upload; `open` gives its bytes from the start, each time anew. */
export interface UploadSource {
  readonly descriptor: Descriptor;
  readonly open: () => AsyncIterable<Buffer> | Iterable<Buffer>;
}

/** How a blob is uploaded. */
export interface UploadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Pieces of so many bytes; undefined for one. */
  readonly chunkSize: number | undefined;
  readonly progress: (current: number) => void;
}

/** For registries, or proxies before them, that take no large requests. */
const SMALLER = 16 << 20;

/** Uploads a blob to an address that `beginUpload` gave: in one piece, and in several when that is too large or asked for. */
export async function upload(repository: Repository, source: UploadSource, begun: URL, options: UploadOptions): Promise<void> {
  if (options.chunkSize !== undefined) return uploadPieces(repository, source, begun, { ...options, chunkSize: options.chunkSize });
  let url: URL | undefined = begun;
  const tooLarge = await repository.connection.retry(async () => {
    // An upload that broke cannot be used again: whoever began it knows how far it came, and not every registry tells.
    const place = url ?? (await again(repository, source, options));
    url = undefined;
    return putWhole(repository, source, place, options);
  }, options.signal);
  if (tooLarge) await uploadPieces(repository, source, await again(repository, source, options), { ...options, chunkSize: SMALLER });
}

async function again(repository: Repository, { descriptor }: UploadSource, { signal }: UploadOptions): Promise<URL> {
  const url = await repository.beginUpload(descriptor.digest, undefined, signal);
  if (url === undefined) throw wrongAnswer(repository.registry, 'it mounts a blob that nobody asked it to mount');
  return url;
}

/** True when the registry says that it is too large. */
async function putWhole(repository: Repository, source: UploadSource, url: URL, { signal, progress }: UploadOptions): Promise<boolean> {
  const { digest, size } = source.descriptor;
  const headers = { 'content-type': 'application/octet-stream', 'content-length': String(size) };
  const body = size === 0 ? () => Buffer.alloc(0) : () => Readable.from(counted(source.open(), progress), { objectMode: false, highWaterMark: 1 << 18 });
  const reply = await repository.upload({ method: 'PUT', url: withDigest(url, digest), digest, headers, body, expect: [201, 204, 413], signal, once: true });
  await reply.body.dump();
  return reply.status === 413;
}

/** Where an upload is closed. */
export function withDigest(url: URL, digest: string): URL {
  const closed = new URL(url);
  closed.searchParams.set('digest', digest);
  return closed;
}

async function* counted(source: AsyncIterable<Buffer> | Iterable<Buffer>, progress: (current: number) => void): AsyncGenerator<Buffer> {
  let sent = 0;
  for await (const chunk of source) {
    yield chunk;
    sent += chunk.length;
    progress(sent);
  }
}

/** One piece is in memory at a time, so that it can be sent again. */
async function uploadPieces(repository: Repository, { descriptor, open }: UploadSource, begun: URL, { chunkSize, signal, progress }: UploadOptions & { readonly chunkSize: number }): Promise<void> {
  let [url, offset] = [begun, 0];
  for await (const piece of pieces(open(), chunkSize)) {
    url = await putPiece(repository, descriptor, { url, offset, piece, signal });
    offset += piece.length;
    progress(offset);
  }
  const reply = await repository.upload({ method: 'PUT', url: withDigest(url, descriptor.digest), digest: descriptor.digest, expect: [201, 204], signal });
  await reply.body.dump();
}

interface Piece {
  readonly url: URL;
  readonly offset: number;
  readonly piece: Buffer;
  readonly signal: AbortSignal | undefined;
}

/** Sends a piece; after a failure what is missing of it, which the registry tells. */
function putPiece(repository: Repository, { digest }: Descriptor, { url, offset, piece, signal }: Piece): Promise<URL> {
  let [place, taken, failed] = [url, 0, false];
  return repository.connection.retry(async () => {
    if (failed) {
      const status = await repository.upload({ method: 'GET', url: place, digest, expect: [204], signal });
      await status.body.dump();
      taken = takenOf(status) - offset;
      if (taken < 0 || taken > piece.length) throw new OperatorError('REGISTRY_FAILED', `${repository.registry} has lost a part of the upload of ${digest}`);
      if (status.headers['location'] !== undefined) place = repository.location(status);
      if (taken === piece.length) return place;
    }
    failed = true;
    const left = piece.subarray(taken);
    const first = offset + taken;
    const headers = { 'content-type': 'application/octet-stream', 'content-length': String(left.length), 'content-range': `${first}-${first + left.length - 1}` };
    const reply = await repository.upload({ method: 'PATCH', url: place, digest, headers, body: () => left, expect: [202, 204, 416], signal, once: true });
    await reply.body.dump();
    if (reply.status === 416) throw new PassingError(new OperatorError('REGISTRY_FAILED', `${repository.registry} does not take the upload of ${digest} piece by piece`));
    return repository.location(reply);
  }, signal);
}

/** How many bytes the registry has: `Range: 0-99` is a hundred. */
function takenOf(reply: Reply): number {
  const last = /^(?:bytes=)?0-(\d+)$/.exec(headerOf(reply, 'range') ?? '')?.[1];
  return last === undefined || last === '0' ? 0 : Number(last) + 1;
}

async function* pieces(source: AsyncIterable<Buffer> | Iterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let length = 0;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + size - length);
      held.push(part);
      length += part.length;
      at += part.length;
      if (length < size) continue;
      yield Buffer.concat(held);
      [held, length] = [[], 0];
    }
  }
  if (length > 0) yield Buffer.concat(held);
}
