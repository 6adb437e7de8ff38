import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from '../listen';
import { answerObject } from './answer-object';
import { ServiceError, xml } from '../service-error';
import { S3Objects } from './s3-objects';
import { verifySignature, type Key } from './signature';

/** What differs from an ordinary bucket. */
export interface S3ServerOptions {
  readonly bucket?: string;
  readonly region?: string;
  readonly keys?: readonly Key[];
  /** Milliseconds that its clock is ahead. */
  readonly ahead?: number;
  /** Whether those who ask may learn what is not there (`s3:ListBucket`). */
  readonly lists?: boolean;
  /** Sees each request first; answers it when it returns true. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** A request that was answered. */
export interface Asked {
  readonly method: string;
  /** The bucket's key, and what follows it: `PUT blobs/x ?partNumber=1`. */
  readonly line: string;
  readonly host: string;
  readonly status: number;
}

/** A stand-in for S3 that believes nobody: it verifies each signature, and answers as the S3 API reference says. */
export interface S3Server {
  readonly url: string;
  readonly asked: readonly Asked[];
  readonly store: S3Objects;
  stop(): Promise<void>;
}

export const KEY: Key = { id: 'AKIATESTTESTTESTTEST', secret: 'sentinel/secret+access+key' };
export const BUCKET = 'build-cache';
export const REGION = 'eu-west-1';

/** Starts one on a free port. Through a proxy's requests it is spoken to as `BUCKET.HOST`, otherwise as `HOST/BUCKET`. */
export async function startS3({ bucket = BUCKET, region = REGION, keys = [KEY], ahead = 0, lists = true, intercept }: S3ServerOptions = {}): Promise<S3Server> {
  const store = new S3Objects();
  const asked: Asked[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? ''}`);
    const { key, named } = keyOf(url, bucket);
    response.on('finish', () => asked.push({ method: request.method ?? '', line: `${request.method} ${key}${url.search === '' ? '' : ` ${url.search}`}`, host: url.host, status: response.statusCode }));
    try {
      if (named !== bucket) throw new ServiceError(404, 'NoSuchBucket', 'The specified bucket does not exist', { BucketName: named });
      verifySignature({ method: request.method ?? '', path: url.pathname, query: url.searchParams, headers: request.headers, body }, { keys, region, now: Date.now() + ahead });
      await answerObject({ request, response, store, key, query: url.searchParams, body, bucket });
    } catch (error) {
      fail(error, { request, response, region, lists, ahead });
    }
  };
  const server = createServer((request, response) => {
    // A client that goes away in the middle of a body is no failure of ours.
    if (intercept?.(request, response) !== true) answer(request, response).catch(() => response.destroy());
  });
  return { ...(await listen(server)), asked, store };
}

/** `/BUCKET/KEY` of a path, or `BUCKET.host/KEY`. */
function keyOf(url: URL, bucket: string): { readonly named: string; readonly key: string } {
  const path = decodeURIComponent(url.pathname).slice(1);
  if (url.hostname.startsWith(`${bucket}.`)) return { named: bucket, key: path };
  const slash = path.indexOf('/');
  return slash < 0 ? { named: path, key: '' } : { named: path.slice(0, slash), key: path.slice(slash + 1) };
}

function fail(error: unknown, { request, response, region, lists, ahead }: { readonly request: IncomingMessage; readonly response: ServerResponse; readonly region: string; readonly lists: boolean; readonly ahead: number }): void {
  const known = error instanceof ServiceError ? error : new ServiceError(500, 'InternalError', String(error));
  const told = known.code === 'NoSuchKey' && !lists ? new ServiceError(403, 'AccessDenied', 'Access Denied') : known;
  const text = request.method === 'HEAD' ? '' : xml('Error', { Code: told.code, Message: told.message, ...told.more, RequestId: '4442587FB7D0A2F9' });
  response.writeHead(told.status, { 'content-type': 'application/xml', 'x-amz-bucket-region': region, 'x-amz-request-id': '4442587FB7D0A2F9', date: new Date(Date.now() + ahead).toUTCString() }).end(text);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
