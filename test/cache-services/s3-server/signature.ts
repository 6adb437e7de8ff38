import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { ServiceError } from '../service-error';

/** Who may ask. */
export interface Key {
  readonly id: string;
  readonly secret: string;
  /** Of temporary credentials. */
  readonly token?: string;
  readonly expired?: boolean;
}

/** A request as it was received. */
export interface SignedRequest {
  readonly method: string;
  /** As it was sent, still escaped. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const AUTHORIZATION = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request,\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{64})$/;
const FIFTEEN_MINUTES = 900_000;

/** Verifies a signature of version 4 in the header (S3 API reference, "Signature Calculations for the Authorization Header"). Throws what S3 answers. */
export function verifySignature(request: SignedRequest, { keys, region, now }: { readonly keys: readonly Key[]; readonly region: string; readonly now: number }): void {
  const { headers } = request;
  if (headers.authorization === undefined) throw new ServiceError(403, 'AccessDenied', 'Access Denied');
  const [, id = '', day = '', signedFor = '', names = '', signature = ''] = AUTHORIZATION.exec(headers.authorization) ?? [];
  if (id === '') throw new ServiceError(400, 'AuthorizationHeaderMalformed', 'The authorization header that you provided is not valid.');
  if (signedFor !== region) throw new ServiceError(400, 'AuthorizationHeaderMalformed', `The authorization header is malformed; the region '${signedFor}' is wrong; expecting '${region}'`, { Region: region });
  const key = keys.find((one) => one.id === id);
  if (key === undefined) throw new ServiceError(403, 'InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', { AWSAccessKeyId: id });
  const date = String(headers['x-amz-date'] ?? '');
  checkDate(date, day, now);
  checkToken(key, headers);
  const signedNames = names.split(';');
  checkCovered(signedNames, headers);
  const hash = String(headers['x-amz-content-sha256'] ?? '');
  if (hash === '') throw new ServiceError(400, 'InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  if (hash !== 'UNSIGNED-PAYLOAD' && hash !== sha256(request.body)) throw new ServiceError(400, 'XAmzContentSHA256Mismatch', "The provided 'x-amz-content-sha256' header does not match what was computed.");
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical(request, signedNames, hash))].join('\n');
  const signing = [day, region, 's3', 'aws4_request'].reduce<Buffer | string>((secret, part) => createHmac('sha256', secret).update(part).digest(), `AWS4${key.secret}`);
  const expected = createHmac('sha256', signing).update(text).digest();
  if (!timingSafeEqual(expected, Buffer.from(signature, 'hex'))) throw new ServiceError(403, 'SignatureDoesNotMatch', 'The request signature we calculated does not match the signature you provided. Check your key and signing method.', { AWSAccessKeyId: id });
}

function checkDate(date: string, day: string, now: number): void {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date)?.slice(1).map(Number);
  if (parts === undefined || !date.startsWith(day)) throw new ServiceError(403, 'AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header');
  const [year = 0, month = 0, dayOf = 0, hour = 0, minute = 0, second = 0] = parts;
  if (Math.abs(Date.UTC(year, month - 1, dayOf, hour, minute, second) - now) > FIFTEEN_MINUTES) throw new ServiceError(403, 'RequestTimeTooSkewed', 'The difference between the request time and the current time is too large.');
}

function checkToken({ token, expired }: Key, headers: IncomingHttpHeaders): void {
  if (expired === true) throw new ServiceError(400, 'ExpiredToken', 'The provided token has expired.');
  if (headers['x-amz-security-token'] !== token) throw new ServiceError(400, 'InvalidToken', 'The provided token is malformed or otherwise invalid.');
}

/** The host and every header of Amazon's own must be signed. */
function checkCovered(signed: readonly string[], headers: IncomingHttpHeaders): void {
  const missing = ['host', ...Object.keys(headers).filter((name) => name.startsWith('x-amz-'))].filter((name) => !signed.includes(name));
  if (missing.length > 0) throw new ServiceError(403, 'AccessDenied', 'There were headers present in the request which were not signed', { HeadersNotSigned: missing.join(', ') });
}

function canonical({ method, path, query, headers }: SignedRequest, names: readonly string[], hash: string): string {
  const uri = decodeURIComponent(path).split('/').map(escaped).join('/');
  const pairs = [...query].map(([name, value]) => `${escaped(name)}=${escaped(value)}`).sort();
  const lines = names.map((name) => `${name}:${String(headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`);
  return [method, uri, pairs.join('&'), lines.join(''), names.join(';'), hash].join('\n');
}

function escaped(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

const sha256 = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex');
