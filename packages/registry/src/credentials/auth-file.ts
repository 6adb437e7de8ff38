import { OperatorError } from '@strake/api';
import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { registryHost } from '../config/hosts';

/** One entry of `auths`. */
export interface AuthEntry {
  /** `user:password` in base64. */
  readonly auth?: string;
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly registrytoken?: string;
}

/** As much of docker's `config.json` as matters here; the rest is kept as it is. */
export interface AuthConfig {
  readonly auths?: Readonly<Record<string, AuthEntry>>;
  readonly credsStore?: string;
  readonly credHelpers?: Readonly<Record<string, string>>;
}

/** `REGISTRY_AUTH_FILE`, else `config.json` in `DOCKER_CONFIG`, else in `~/.docker`. */
export function authFilePath(env: NodeJS.ProcessEnv): string {
  return env['REGISTRY_AUTH_FILE'] || join(env['DOCKER_CONFIG'] || join(env['HOME'] || homedir(), '.docker'), 'config.json');
}

/** Reads the file; empty when there is none. Throws CONFIG_INVALID. */
export function readAuthFile(path: string): AuthConfig {
  if (!existsSync(path)) return {};
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
    throw new TypeError('it is no object');
  } catch (cause) {
    // A parser's message may quote what is secret.
    const what = (cause as NodeJS.ErrnoException).code === undefined ? 'it is no valid JSON object' : (cause as Error).message;
    throw new OperatorError('CONFIG_INVALID', `${path} cannot be read: ${what}`);
  }
}

/** Changes `auths` and nothing else: to a temporary name first, for the owner alone. Throws PERMISSION. */
export function changeAuthFile(path: string, change: (auths: Readonly<Record<string, AuthEntry>>) => Readonly<Record<string, AuthEntry>>): void {
  const config = readAuthFile(path);
  // A link to a file elsewhere stays a link.
  const target = existsSync(path) ? realpathSync(path) : path;
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  try {
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    writeFileSync(temporary, `${JSON.stringify({ ...config, auths: change(config.auths ?? {}) }, null, '\t')}\n`, { mode: 0o600, flag: 'wx' });
    chmodSync(temporary, 0o600);
    renameSync(temporary, target);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new OperatorError('PERMISSION', `${path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** The key that docker files a registry's credential under. */
export function serverKey(registry: string): string {
  return registry === 'docker.io' ? 'https://index.docker.io/v1/' : registry;
}

/** The registry, and the path below it if there is one, that a key of `auths` or `credHelpers` stands for. */
export function keyPlace(key: string): { readonly registry: string; readonly path: string } {
  const [host = '', ...path] = key.replace(/^https?:\/\//, '').split('/');
  const rest = path.join('/').replace(/\/$/, '');
  return { registry: registryHost(host), path: /^v[12]$/.test(rest) ? '' : rest };
}
