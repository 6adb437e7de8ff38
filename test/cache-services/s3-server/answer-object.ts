import type { IncomingMessage, ServerResponse } from 'node:http';
import { ServiceError, xml } from '../service-error';
import type { S3Object, S3Objects } from './s3-objects';

/** A request whose signature is right. */
export interface ObjectRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly store: S3Objects;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
}

/** Does what a request about an object asks (S3 API reference: GetObject, HeadObject, PutObject, CopyObject, multipart uploads). */
export async function answerObject(asked: ObjectRequest): Promise<void> {
  const { request, response, store, key, query, body } = asked;
  const upload = query.get('uploadId');
  switch (request.method ?? '') {
    case 'GET':
    case 'HEAD':
      return read(asked, store.get(key));
    case 'PUT':
      if (upload !== null) return putPart(asked, upload);
      if (request.headers['x-amz-copy-source'] !== undefined) return copy(asked);
      return void response.writeHead(200, { etag: store.put(key, body, request.headers['content-type'] ?? 'binary/octet-stream').etag }).end();
    case 'POST':
      if (query.has('uploads')) return answer(asked, 'InitiateMultipartUploadResult', { Bucket: asked.bucket, Key: key, UploadId: store.begin(key, request.headers['content-type'] ?? 'binary/octet-stream') });
      if (upload !== null) return answer(asked, 'CompleteMultipartUploadResult', { Location: key, Bucket: asked.bucket, Key: key, ETag: store.complete(upload, key, body.toString()).etag });
      break;
    case 'DELETE':
      if (upload !== null) store.abort(upload, key);
      else store.objects.delete(key);
      return void response.writeHead(204).end();
  }
  throw new ServiceError(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.');
}

function answer({ response }: ObjectRequest, root: string, elements: Readonly<Record<string, string>>): void {
  response.writeHead(200, { 'content-type': 'application/xml' }).end(xml(root, elements));
}

function read({ request, response }: ObjectRequest, { bytes, type, etag, modified }: S3Object): void {
  const headers = { 'content-type': type, etag, 'last-modified': new Date(modified).toUTCString(), 'accept-ranges': 'bytes' };
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  if (request.method === 'HEAD') return void response.writeHead(200, { ...headers, 'content-length': bytes.length }).end();
  if (range === null) return void response.writeHead(200, { ...headers, 'content-length': bytes.length }).end(bytes);
  const [start, end] = [Number(range[1]), range[2] === '' ? bytes.length - 1 : Math.min(Number(range[2]), bytes.length - 1)];
  if (start >= bytes.length) throw new ServiceError(416, 'InvalidRange', 'The requested range is not satisfiable');
  response.writeHead(206, { ...headers, 'content-length': end + 1 - start, 'content-range': `bytes ${start}-${end}/${bytes.length}` }).end(bytes.subarray(start, end + 1));
}

function putPart(asked: ObjectRequest, upload: string): void {
  const { response, request, store, key, query, body } = asked;
  const number = Number(query.get('partNumber'));
  if (request.headers['x-amz-copy-source'] === undefined) return void response.writeHead(200, { etag: store.part(upload, key, number, body) }).end();
  const { bytes } = source(asked);
  const [, start = '0', end = String(bytes.length - 1)] = /^bytes=(\d+)-(\d+)$/.exec(String(request.headers['x-amz-copy-source-range'])) ?? [];
  answer(asked, 'CopyPartResult', { ETag: store.part(upload, key, number, bytes.subarray(Number(start), Number(end) + 1)), LastModified: new Date().toISOString() });
}

function copy(asked: ObjectRequest): void {
  const { request, store, key } = asked;
  const from = source(asked);
  if (from === store.objects.get(key) && request.headers['x-amz-metadata-directive'] !== 'REPLACE') {
    throw new ServiceError(400, 'InvalidRequest', 'This copy request is illegal because it is trying to copy an object to itself without changing its metadata.');
  }
  const type = request.headers['x-amz-metadata-directive'] === 'REPLACE' ? request.headers['content-type'] ?? 'binary/octet-stream' : from.type;
  const { etag, modified } = store.put(key, from.bytes, type, from.etag.slice(1, -1));
  answer(asked, 'CopyObjectResult', { ETag: etag, LastModified: new Date(modified).toISOString() });
}

function source({ request, store, bucket }: ObjectRequest): S3Object {
  const [named, ...key] = decodeURIComponent(String(request.headers['x-amz-copy-source'])).replace(/^\//, '').split('/');
  if (named !== bucket) throw new ServiceError(404, 'NoSuchBucket', 'The specified bucket does not exist');
  return store.get(key.join('/'));
}
