import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { OperatorError } from '@strake/api';
import type { EngineAddress, EngineChoice, EngineTls } from './engine-address';
import { parseHost } from './parse-host';

/**
 * Finds the engine as Docker's client does: a host that was given, a context that was given, `DOCKER_HOST`, `DOCKER_CONTEXT`, the current
 * context of `config.json`, the socket of this machine. Throws USAGE, CONFIG_INVALID.
 */
export function findEngine(choice: EngineChoice, env: NodeJS.ProcessEnv): EngineAddress {
  const { host, context } = choice;
  if (host !== undefined && context !== undefined) throw new OperatorError('USAGE', 'an engine is named by its host or by a context, not by both');
  if (host !== undefined) return parseHost(host, 'the option host', () => tlsOf(choice, env));
  if (context !== undefined) return ofContext(context, 'the option context', choice, env);
  const { DOCKER_HOST: fromHost, DOCKER_CONTEXT: fromContext } = env;
  if (isSet(fromHost)) return parseHost(fromHost, 'DOCKER_HOST', () => tlsOf(choice, env));
  if (isSet(fromContext)) return ofContext(fromContext, 'DOCKER_CONTEXT', choice, env);
  const current = currentContext(env);
  return current === undefined ? defaultEngine(choice, env) : ofContext(current.name, current.file, choice, env);
}

const isSet = (value: string | undefined): value is string => value !== undefined && value !== '';

const configFolder = (env: NodeJS.ProcessEnv): string => (isSet(env['DOCKER_CONFIG']) ? env['DOCKER_CONFIG'] : join(env['HOME'] ?? homedir(), '.docker'));

function defaultEngine(choice: EngineChoice, env: NodeJS.ProcessEnv): EngineAddress {
  const own = join(env['HOME'] ?? homedir(), '.docker', 'run', 'docker.sock');
  const path = !existsSync('/var/run/docker.sock') && existsSync(own) ? own : '/var/run/docker.sock';
  return parseHost(process.platform === 'win32' ? 'npipe:////./pipe/docker_engine' : `unix://${path}`, 'the default', () => tlsOf(choice, env));
}

function currentContext(env: NodeJS.ProcessEnv): { readonly name: string; readonly file: string } | undefined {
  const file = join(configFolder(env), 'config.json');
  const { currentContext: name } = readJson<{ readonly currentContext?: unknown }>(file) ?? {};
  return typeof name === 'string' && name !== '' && name !== 'default' ? { name, file } : undefined;
}

interface ContextFile {
  readonly Endpoints?: { readonly docker?: { readonly Host?: string; readonly SkipTLSVerify?: boolean } };
}

function ofContext(name: string, from: string, choice: EngineChoice, env: NodeJS.ProcessEnv): EngineAddress {
  if (name === 'default') return isSet(env['DOCKER_HOST']) ? parseHost(env['DOCKER_HOST'], 'DOCKER_HOST', () => tlsOf(choice, env)) : defaultEngine(choice, env);
  const folder = join(configFolder(env), 'contexts');
  const id = createHash('sha256').update(name).digest('hex');
  const endpoint = readJson<ContextFile>(join(folder, 'meta', id, 'meta.json'))?.Endpoints?.docker;
  if (endpoint?.Host === undefined) throw new OperatorError('CONFIG_INVALID', `there is no Docker context "${name}" (named by ${from})`, { hint: 'docker context ls lists them' });
  const { SkipTLSVerify: unverified = false } = endpoint;
  return parseHost(endpoint.Host, `the context ${name}`, () => certificates(join(folder, 'tls', id, 'docker'), !unverified) ?? tlsOf(choice, env));
}

/** As Docker's client: TLS when `DOCKER_TLS_VERIFY` is not empty, with the certificates of `DOCKER_CERT_PATH`. */
function tlsOf({ tls }: EngineChoice, env: NodeJS.ProcessEnv): EngineTls | undefined {
  const wanted = tls ?? isSet(env['DOCKER_TLS_VERIFY']);
  if (wanted === false) return undefined;
  const folder = typeof wanted === 'string' ? wanted : isSet(env['DOCKER_CERT_PATH']) ? env['DOCKER_CERT_PATH'] : configFolder(env);
  return certificates(folder, true) ?? { verify: true };
}

function certificates(folder: string, verify: boolean): EngineTls | undefined {
  const read = (name: string): Buffer | undefined => {
    const path = join(folder, name);
    return existsSync(path) ? readFileSync(path) : undefined;
  };
  const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map(read);
  if (ca === undefined && cert === undefined && key === undefined) return undefined;
  return { verify, ...(ca === undefined ? {} : { ca }), ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) };
}

function readJson<T>(file: string): T | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (error) {
    throw new OperatorError('CONFIG_INVALID', `${file} is no valid JSON`, { cause: error });
  }
}
