import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { SourceOptions } from '@strake/api';
import { authorizationAt, authorizationFor } from './authorization';
import type { Wanted } from './wanted';

/** What git works with. */
export interface GitParts {
  readonly env: NodeJS.ProcessEnv;
  readonly work: SourceOptions;
}

/** Handed on: where programs are, how servers are reached, whom to trust. */
const KEPT = ['PATH', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'no_proxy', 'all_proxy', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'CURL_CA_BUNDLE', 'GIT_SSL_CAINFO', 'GIT_SSL_CAPATH'];

/** Nobody's configuration but this: no hooks, no filters or other programs, no questions. */
const CONFIG: Readonly<Record<string, string>> = {
  'core.hooksPath': '/dev/null',
  'core.attributesFile': '/dev/null',
  'core.excludesFile': '/dev/null',
  'core.fsmonitor': 'false',
  'core.autocrlf': 'false',
  'core.fileMode': 'true',
  'core.symlinks': 'true',
  'core.protectHFS': 'true',
  'core.protectNTFS': 'true',
  'core.askPass': '',
  'credential.helper': '',
  'init.defaultBranch': 'master',
  'gc.auto': '0',
  'maintenance.auto': 'false',
  'submodule.recurse': 'false',
  'fetch.recurseSubmodules': 'false',
  'advice.detachedHead': 'false',
  'protocol.version': '2',
  'http.lowSpeedLimit': '1000',
  'http.lowSpeedTime': '60',
  'safe.directory': '*',
};

/**
 * The environment of git. Secrets are in it, and not among the arguments, which every process of the machine can read.
 * `protocols` are those that git may speak, for submodules too; `file` only between directories of our own.
 */
export async function gitEnvironment({ remote }: Pick<Wanted, 'remote'>, { env, work }: GitParts, protocols = 'http:https:ssh:git'): Promise<Readonly<Record<string, string>>> {
  const kept = KEPT.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  const agent = (await work.ssh?.socket('default')) ?? env['SSH_AUTH_SOCK'];
  const config = { ...CONFIG, ...(await authorizationFor(remote, work.secrets)) };
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    HOME: '/nonexistent',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: protocols,
    GIT_LFS_SKIP_SMUDGE: '1',
    GIT_SSH_VARIANT: 'ssh',
    GIT_SSH_COMMAND: sshCommand(work),
    ...(agent === undefined || agent === '' ? {} : { SSH_AUTH_SOCK: agent }),
    ...configVariables(config),
  };
}

/** What is added for submodules at these addresses: they may be on other hosts. */
export async function submoduleEnvironment({ remote }: Pick<Wanted, 'remote'>, addresses: readonly string[], { work }: GitParts): Promise<Readonly<Record<string, string>>> {
  return configVariables({ ...CONFIG, ...(await authorizationFor(remote, work.secrets)), ...(await authorizationAt(addresses, work.secrets)) });
}

function configVariables(config: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entries = Object.entries(config);
  const variables: Record<string, string> = { GIT_CONFIG_COUNT: String(entries.length) };
  for (const [index, [name, value]] of entries.entries()) Object.assign(variables, { [`GIT_CONFIG_KEY_${index}`]: name, [`GIT_CONFIG_VALUE_${index}`]: value });
  return variables;
}

/**
 * ssh without configuration files and questions. A host that the user knows has to be who it was; a new one is remembered
 * for the next build.
 */
function sshCommand({ cacheDirectory, scratch, readonly }: SourceOptions): string {
  const own = readonly ? [join(scratch, 'known_hosts'), join(cacheDirectory, 'known_hosts')] : [join(cacheDirectory, 'known_hosts')];
  const known = [...own, join(homedir(), '.ssh', 'known_hosts')].filter((file, index) => index === 0 || existsSync(file));
  const options = [
    'BatchMode=yes', 'StrictHostKeyChecking=accept-new', `UserKnownHostsFile=${known.map((file) => `"${file}"`).join(' ')}`, 'HashKnownHosts=no', 'LogLevel=ERROR',
    'ConnectTimeout=30', 'ServerAliveInterval=15', 'ServerAliveCountMax=4', 'ForwardAgent=no', 'ClearAllForwardings=yes', 'PermitLocalCommand=no', 'ControlMaster=no',
  ];
  return ['ssh', '-F', 'none', ...options.flatMap((option) => ['-o', quoted(option)])].join(' ');
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
