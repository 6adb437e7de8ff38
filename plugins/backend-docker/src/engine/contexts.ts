import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError, suggest } from '@strake/api';
import { certificates } from './certificates';
import type { EngineTls } from './engine-address';

/** What a Docker context says of an engine. */
export interface DockerContext {
  readonly host: string;
  /** From the context's own certificates; undefined where it has none and checks nothing. */
  readonly tls: () => EngineTls | undefined;
}

interface ContextFile {
  readonly Name?: unknown;
  readonly Endpoints?: { readonly docker?: { readonly Host?: string; readonly SkipTLSVerify?: boolean } };
}

/** Reads a context of a folder of Docker's configuration; `from` says who named it. Throws CONFIG_INVALID. */
export function readContext(config: string, name: string, from: string): DockerContext {
  const folder = join(config, 'contexts');
  const id = createHash('sha256').update(name).digest('hex');
  const found = readJson<ContextFile>(join(folder, 'meta', id, 'meta.json'));
  if (found === undefined) throw noContext(name, from, folder);
  const { Host: host, SkipTLSVerify: unverified = false } = found.Endpoints?.docker ?? {};
  if (host === undefined || host === '') throw new OperatorError('CONFIG_INVALID', `the Docker context "${name}" (named by ${from}) has no Docker endpoint`, { hint: `docker context inspect ${name}` });
  return { host, tls: () => certificates(join(folder, 'tls', id, 'docker'), `the context ${name}`, !unverified) ?? (unverified ? { verify: false } : undefined) };
}

/** The context that `docker context use` chose, and the file that says so. */
export function currentContext(config: string): { readonly name: string; readonly file: string } | undefined {
  const file = join(config, 'config.json');
  const { currentContext: name } = readJson<{ readonly currentContext?: unknown }>(file) ?? {};
  return typeof name === 'string' && name !== '' && name !== 'default' ? { name, file } : undefined;
}

function noContext(name: string, from: string, folder: string): OperatorError {
  const known = ['default', ...namesIn(join(folder, 'meta'))];
  const near = suggest(name, known);
  const hint = `${near === undefined ? '' : `Did you mean ${near}? `}There are: ${known.join(', ')}.`;
  return new OperatorError('CONFIG_INVALID', `there is no Docker context "${name}" (named by ${from})`, { hint });
}

function namesIn(meta: string): readonly string[] {
  if (!existsSync(meta)) return [];
  const names = readdirSync(meta).map((id) => {
    try {
      return readJson<ContextFile>(join(meta, id, 'meta.json'))?.Name;
    } catch {
      // It is another context that is wanted: what is wrong with this one is said when it is.
      return undefined;
    }
  });
  return names.filter((name): name is string => typeof name === 'string').sort();
}

function readJson<T>(file: string): T | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (error) {
    throw new OperatorError('CONFIG_INVALID', `${file} is no valid JSON`, { cause: error });
  }
}
