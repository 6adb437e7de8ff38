import type { SecretProvider, SshProvider } from '@strake/api';
import { createAgents, createSecrets } from '@strake/secrets';
import type { BuildOptions } from '../build/build-options';
import { withSecretArgs } from './secret-args';

/** Where a build's secrets and agents come from, until it has ended. */
export interface OpenSecrets {
  readonly secrets: SecretProvider;
  readonly ssh: SshProvider;
  close(): Promise<void>;
}

/** Opens what the options name. Throws USAGE for files, agents and keys that cannot be used, before anything runs. */
export function openSecrets(build: BuildOptions, options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }): OpenSecrets {
  const { secrets = {}, ssh = [] } = build;
  const agents = isAgents(ssh) ? createAgents(ssh, options) : undefined;
  return {
    secrets: withSecretArgs(build, isSecrets(secrets) ? secrets : createSecrets(secrets, options)),
    ssh: agents ?? (ssh as SshProvider),
    close: async () => agents?.close(),
  };
}

const isAgents = (ssh: NonNullable<BuildOptions['ssh']>): ssh is Exclude<BuildOptions['ssh'], SshProvider | undefined> => Array.isArray(ssh);

/** An object of a class that can `get`, or one that can do nothing else: any other is a list of sources, of which one may be called `get`. */
function isSecrets(secrets: NonNullable<BuildOptions['secrets']>): secrets is SecretProvider {
  if (typeof (secrets as { get?: unknown }).get !== 'function') return false;
  return Object.keys(secrets).length === 1 || Object.getPrototypeOf(secrets) !== Object.prototype;
}
