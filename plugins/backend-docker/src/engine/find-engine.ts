import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { OperatorError } from '@strake/api';
import { certificates, missingIn } from './certificates';
import { currentContext, readContext } from './contexts';
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
  const current = currentContext(configFolder(env));
  return current === undefined ? defaultEngine(choice, env) : ofContext(current.name, current.file, choice, env);
}

const isSet = (value: string | undefined): value is string => value !== undefined && value !== '';

const configFolder = (env: NodeJS.ProcessEnv): string => (isSet(env['DOCKER_CONFIG']) ? env['DOCKER_CONFIG'] : join(env['HOME'] ?? homedir(), '.docker'));

function defaultEngine(choice: EngineChoice, env: NodeJS.ProcessEnv): EngineAddress {
  const own = join(env['HOME'] ?? homedir(), '.docker', 'run', 'docker.sock');
  const path = !existsSync('/var/run/docker.sock') && existsSync(own) ? own : '/var/run/docker.sock';
  return parseHost(process.platform === 'win32' ? 'npipe:////./pipe/docker_engine' : `unix://${path}`, 'the default', () => tlsOf(choice, env));
}

function ofContext(name: string, from: string, choice: EngineChoice, env: NodeJS.ProcessEnv): EngineAddress {
  if (name === 'default') return isSet(env['DOCKER_HOST']) ? parseHost(env['DOCKER_HOST'], 'DOCKER_HOST', () => tlsOf(choice, env)) : defaultEngine(choice, env);
  const { host, tls } = readContext(configFolder(env), name, from);
  // What the environment says of TLS is about DOCKER_HOST, not about contexts.
  return parseHost(host, `the context ${name}`, () => tls() ?? (choice.tls === undefined ? undefined : tlsOf(choice, env)));
}

/** As Docker's client: TLS when `DOCKER_TLS_VERIFY` is not empty, or `DOCKER_TLS`, which checks nothing; with the certificates of `DOCKER_CERT_PATH`. */
function tlsOf({ tls }: EngineChoice, env: NodeJS.ProcessEnv): EngineTls | undefined {
  const verify = tls !== undefined || isSet(env['DOCKER_TLS_VERIFY']);
  if (tls === false || (!verify && !isSet(env['DOCKER_TLS']))) return undefined;
  if (typeof tls === 'string') return needed(tls, 'the option tls', verify);
  const { DOCKER_CERT_PATH: folder } = env;
  if (isSet(folder)) return needed(folder, 'DOCKER_CERT_PATH', verify);
  return certificates(configFolder(env), "Docker's configuration", verify) ?? { verify };
}

/** Somebody has named the folder: then there is something in it. */
function needed(folder: string, from: string, verify: boolean): EngineTls {
  const found = certificates(folder, from, verify);
  if (found === undefined && verify) throw missingIn(folder, from, 'ca.pem');
  return found ?? { verify };
}
