import { DockerfileError, OperatorError, printableUrl, urlFileName, type ResolvedSource, type SourceOp, type SourceOptions, type SourceProvider } from '@strake/api';
import { digestOf } from '@strake/oci';
import { chmodSync, existsSync, mkdirSync, renameSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { parseChecksum } from './checksum';
import { createClient, type Client } from './client';
import { download, type Downloaded } from './download';
import { readRecord, writeRecord } from './records';

/** What the provider is made with. */
export interface HttpSourceOptions {
  /** Proxies and certificates: `HTTPS_PROXY`, `NO_PROXY`, `SSL_CERT_FILE`, … */
  readonly env: NodeJS.ProcessEnv;
  /** Bytes of one file; 64 GiB by default. */
  readonly limit?: number;
  /** Milliseconds between tries are waited by this; tests wait less. */
  readonly wait?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
}

const MOST_BYTES = 64 * 1024 ** 3;

/** Brings single files by http and https, as BuildKit does: mode 0600, the time of `Last-Modified`, asked again by their ETag. */
export function httpSource({ env, limit = MOST_BYTES, wait }: HttpSourceOptions): SourceProvider {
  let client: Promise<Client> | undefined;
  const parts = async (op: SourceOp, work: SourceOptions): Promise<DownloadParts> => {
    client ??= import('@strake/registry').then((library) => createClient(library, env, wait));
    return { op, work, limit, client: await client };
  };
  return {
    scheme: 'http',
    delivers: 'file',
    recognise: (reference) => {
      if (!/^https?:\/\//.test(reference)) return undefined;
      if (!URL.canParse(reference)) throw new OperatorError('USAGE', `"${printableUrl(reference)}" is no valid URL`);
      return { scheme: 'http', reference };
    },
    check,
    resolve: async (op, work) => resolve(await parts(op, work)),
    fetch: async (pinned, directory, work) => bring(directory, await parts(pinned, work)),
  };
}

interface DownloadParts {
  readonly op: SourceOp;
  readonly work: SourceOptions;
  readonly limit: number;
  readonly client: Client;
}

function check({ reference, attributes = {} }: SourceOp): void {
  const valid = URL.canParse(reference) && /^https?:$/.test(new URL(reference).protocol);
  if (!valid) throw new DockerfileError('INVALID_ARGUMENTS', `"${printableUrl(reference)}" is no valid URL`, { at: reference });
  if (attributes['checksum'] !== undefined) parseChecksum(attributes['checksum']);
}

/** A file whose checksum is told needs no question; otherwise the server says whether it is still the one that was had before. */
async function resolve({ op, work, limit, client }: DownloadParts): Promise<ResolvedSource> {
  const name = fileNameOf(op);
  const { checksum } = op.attributes ?? {};
  if (checksum !== undefined) return { identity: digestOf(JSON.stringify([name, checksum])), pinned: op };
  const known = readRecord(work.cacheDirectory, op.reference);
  const found = await download({ op, client, limit, work, file: join(work.scratch, 'file'), ...(known === undefined ? {} : { etag: known.etag }) });
  if (found === 'unchanged' && known !== undefined) return resolved(op, known.digest, known.modified);
  if (found === 'unchanged') throw new OperatorError('SOURCE_UNREACHABLE', `${printableUrl(op.reference)}: the server says that it has not changed, but was not asked so`);
  if (!work.readonly) keep(found, join(work.scratch, 'file'), op, work);
  return resolved(op, found.digest, found.modified);
}

function resolved(op: SourceOp, digest: string, modified: number | undefined): ResolvedSource {
  const pins = { digest, ...(modified === undefined ? {} : { modified: String(modified) }) };
  return { identity: digestOf(JSON.stringify([fileNameOf(op), digest, modified ?? null])), pinned: { ...op, attributes: { ...op.attributes, ...pins } } };
}

/** What had to be brought to know what it is waits for the build to want it. */
function keep({ digest, modified, etag }: Downloaded, file: string, op: SourceOp, { cacheDirectory }: SourceOptions): void {
  mkdirSync(join(cacheDirectory, 'files'), { recursive: true, mode: 0o700 });
  renameSync(file, keptFile(cacheDirectory, digest));
  if (etag !== undefined) writeRecord(cacheDirectory, op.reference, { etag, digest, ...(modified === undefined ? {} : { modified }) });
}

const keptFile = (cacheDirectory: string, digest: string): string => join(cacheDirectory, 'files', digest.replace(':', '-'));

async function bring(directory: string, { op, work, limit, client }: DownloadParts): Promise<void> {
  const { checksum, digest, modified } = op.attributes ?? {};
  const target = join(directory, fileNameOf(op));
  let time = modified === undefined ? undefined : Number(modified);
  if (digest === undefined || !takeKept(keptFile(work.cacheDirectory, digest), target)) {
    const expected = parseChecksum(digest ?? checksum ?? '');
    const found = await download({ op, client, limit, work, file: target, expected });
    if (found === 'unchanged') throw new OperatorError('SOURCE_UNREACHABLE', `${printableUrl(op.reference)}: the server says that it has not changed, but was not asked so`);
    time ??= found.modified;
  }
  chmodSync(target, 0o600);
  utimesSync(target, time ?? 0, time ?? 0);
}

/** Another build may take it first. */
function takeKept(kept: string, target: string): boolean {
  if (!existsSync(kept)) return false;
  try {
    renameSync(kept, target);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

const fileNameOf = ({ reference, attributes }: SourceOp): string => attributes?.['filename'] ?? urlFileName(reference);
