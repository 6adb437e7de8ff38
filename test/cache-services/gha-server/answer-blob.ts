import type { IncomingMessage, ServerResponse } from 'node:http';
import { ServiceError } from '../service-error';
import type { BlockBlob } from './block-blob';

/** A request to storage, whose address is its only credential. */
export interface BlobRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly blob: BlockBlob;
  readonly query: URLSearchParams;
  readonly body: Buffer;
}

/** Does what a request about a blob asks (Azure's REST API: Put Blob, Put Block, Put Block List, Get Blob). */
export function answerBlob({ request, response, blob, query, body }: BlobRequest): void {
  if (request.headers.authorization !== undefined) throw new ServiceError(403, 'AuthenticationFailed', 'Both a header and a signature were given.');
  if (Number(query.get('se')) < Date.now()) throw new ServiceError(403, 'AuthenticationFailed', 'Signature not valid in the specified time frame');
  const permission = request.method === 'GET' ? 'r' : 'w';
  if (query.get('sp')?.includes(permission) !== true) throw new ServiceError(403, 'AuthorizationPermissionMismatch', 'This request is not authorized to perform this operation using this permission.');
  if (request.method === 'GET') return read(request, response, blob);
  if (request.method !== 'PUT') throw new ServiceError(405, 'UnsupportedHttpVerb', 'The resource does not support the specified HTTP verb.');
  const component = query.get('comp');
  if (component === 'block') blob.putBlock(query.get('blockid') ?? '', body);
  else if (component === 'blocklist') blob.putBlockList(body.toString());
  else if (request.headers['x-ms-blob-type'] !== 'BlockBlob') throw new ServiceError(400, 'MissingRequiredHeader', 'An HTTP header that is mandatory for this request is not specified.');
  else blob.put(body);
  response.writeHead(201, { 'x-ms-request-id': '1' }).end();
}

function read(request: IncomingMessage, response: ServerResponse, { content }: BlockBlob): void {
  if (content === undefined) throw new ServiceError(404, 'BlobNotFound', 'The specified blob does not exist.');
  const [, start] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
  if (start === undefined) return void response.writeHead(200, { 'content-length': content.length }).end(content);
  if (Number(start) >= content.length) throw new ServiceError(416, 'InvalidRange', 'The range specified is invalid for the current size of the resource.');
  response.writeHead(206, { 'content-length': content.length - Number(start), 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` }).end(content.subarray(Number(start)));
}
