import { DockerfileError, OperatorError, printableUrl, type Digest, type SourceOp, type SourceOptions } from '@strake/api';
import { digestOfHex } from '@strake/oci';
import type { Reply } from '@strake/registry';
import { createHash, type Hash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { authorizationFor } from './authorization';
import type { Checksum } from './checksum';
import type { Client } from './client';
import { headerOf } from './header-of';
import { parseHttpDate } from './http-date';

/** What a download brought. */
export interface Downloaded {
  readonly digest: Digest;
  /** Seconds since 1970. */
  readonly modified?: number;
  /** Without the mark of a weak one. */
  readonly etag?: string;
}

/** What is downloaded, and where to. */
export interface Download {
  readonly op: SourceOp;
  readonly client: Client;
  readonly work: SourceOptions;
  /** Bytes. */
  readonly limit: number;
  /** Written anew. */
  readonly file: string;
  readonly expected?: Checksum;
  /** Of what is had already: when it is still that, nothing is downloaded. */
  readonly etag?: string;
}

/** Asks for a URL and writes what comes into a file. Throws DIGEST_MISMATCH, and what the client throws. */
export async function download({ op, client, work, limit, file, expected, etag }: Download): Promise<Downloaded | 'unchanged'> {
  const authorization = await authorizationFor(op.reference, work.secrets);
  const headers = etag === undefined ? {} : { 'if-none-match': `${etag}, W/${etag}` };
  const question = { url: op.reference, headers, signal: work.signal, ...(authorization === undefined ? {} : { authorization }) };
  return client.get(question, async (reply) => {
    if (reply.status === 304 || (etag !== undefined && etagOf(reply) === etag)) {
      await reply.body.dump();
      return 'unchanged';
    }
    const hashes = await write(reply, file, { op, work, limit, ...(expected === undefined ? {} : { expected }) });
    const modified = parseHttpDate(headerOf(reply, 'last-modified') ?? '');
    const tag = etagOf(reply);
    return { digest: digestOfHex(hashes.hex), ...(modified === undefined ? {} : { modified }), ...(tag === undefined ? {} : { etag: tag }) };
  });
}

async function write(reply: Reply, file: string, { op, work, limit, expected }: Pick<Download, 'op' | 'work' | 'limit' | 'expected'>): Promise<{ readonly hex: string }> {
  const encoding = headerOf(reply, 'content-encoding');
  const total = isGzip(encoding) ? undefined : lengthOf(reply);
  if (total !== undefined && total > limit) throw tooLarge(op, limit);
  const hash = createHash('sha256');
  const other = expected === undefined || expected.algorithm === 'sha256' ? undefined : createHash(expected.algorithm);
  const fd = openSync(file, 'w', 0o600);
  try {
    let length = 0;
    for await (const chunk of decoded(reply, encoding)) {
      length += chunk.length;
      if (length > limit) throw tooLarge(op, limit);
      writeAll(fd, chunk);
      hash.update(chunk);
      other?.update(chunk);
      work.progress(`downloading ${printableUrl(op.reference)}`, length, total);
    }
  } finally {
    closeSync(fd);
  }
  const hex = hash.digest('hex');
  if (expected !== undefined) verify(op, expected, hex, other);
  return { hex };
}

function verify({ reference, attributes }: SourceOp, { algorithm, hex: wanted }: Checksum, sha256: string, other: Hash | undefined): void {
  const got = other?.digest('hex') ?? sha256;
  if (got === wanted) return;
  const message = `digest mismatch for ${printableUrl(reference)}: ${algorithm}:${got} (expected: ${algorithm}:${wanted})`;
  const promised = attributes?.['checksum'] !== undefined;
  const hint = promised ? 'if the new content is meant, write its checksum' : 'it has changed during the build: try again';
  throw new DockerfileError('DIGEST_MISMATCH', message, { ...(promised ? { at: 'checksum' } : {}), hint });
}

function writeAll(fd: number, chunk: Buffer): void {
  for (let done = 0; done < chunk.length; ) done += writeSync(fd, chunk, done);
}

/** Some servers compress although nobody asked for it: what they mean is the file. */
function decoded({ body }: Reply, encoding: string | undefined): AsyncIterable<Buffer> {
  return isGzip(encoding) ? pipeline(body, createGunzip(), () => undefined) : body;
}

const isGzip = (encoding: string | undefined): boolean => encoding?.toLowerCase() === 'gzip';

const tooLarge = ({ reference }: SourceOp, limit: number): OperatorError => new OperatorError('SOURCE_UNREACHABLE', `${printableUrl(reference)} is larger than ${limit} bytes`);

/** With a weak one the bytes may differ, but the server says that it does not matter. */
const etagOf = (reply: Reply): string | undefined => headerOf(reply, 'etag')?.replace(/^W\//, '');

function lengthOf(reply: Reply): number | undefined {
  const length = headerOf(reply, 'content-length');
  return length !== undefined && /^\d+$/.test(length) ? Number(length) : undefined;
}
