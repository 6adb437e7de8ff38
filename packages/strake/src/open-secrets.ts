import type { SecretProvider, SshProvider } from '@strake/api';
import { createAgents, createSecrets } from '@strake/secrets';
import type { BuildOptions } from './build-options';

/** Where a build's secrets and agents come from, until it has ended. */
export interface OpenSecrets {
  readonly secrets: SecretProvider;
  readonly ssh: SshProvider;
  close(): Promise<void>;
}

/** Opens what the options name. Throws USAGE for files, agents and keys that cannot be used, before anything runs. */
export function openSecrets({ secrets = {}, ssh = [] }: BuildOptions, options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }): OpenSecrets {
  const agents = isAgents(ssh) ? createAgents(ssh, options) : undefined;
  return {
    secrets: isSecrets(secrets) ? secrets : createSecrets(secrets, options),
    ssh: agents ?? (ssh as SshProvider),
    close: async () => agents?.close(),
  };
}

const isAgents = (ssh: NonNullable<BuildOptions['ssh']>): ssh is Exclude<BuildOptions['ssh'], SshProvider | undefined> => Array.isArray(ssh);
const isSecrets = (secrets: NonNullable<BuildOptions['secrets']>): secrets is SecretProvider => typeof (secrets as { get?: unknown }).get === 'function' && Object.keys(secrets).length === 1;
