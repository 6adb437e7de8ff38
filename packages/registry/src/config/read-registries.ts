import { OperatorError } from '@strake/api';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { checkRegistries } from './check-registries';
import type { RegistriesConfig } from './registries-config';

/**
 * The registries of a user: `STRAKE_REGISTRIES`, else `$XDG_CONFIG_HOME/strake/registries.json`, else `/etc/strake/registries.json`, with what
 * the program or its configuration says in front of it. Throws CONFIG_INVALID.
 */
export function readRegistries(env: NodeJS.ProcessEnv, own: RegistriesConfig = {}): RegistriesConfig {
  const checked = checkRegistries(own, 'registries');
  const file = fileOf(env);
  const kept = file === undefined ? {} : checkRegistries(parse(file), file);
  return {
    ...kept, ...checked,
    insecure: [...(checked.insecure ?? []), ...(kept.insecure ?? [])],
    mirrors: { ...kept.mirrors, ...checked.mirrors },
    certificates: { ...kept.certificates, ...checked.certificates },
  };
}

function fileOf(env: NodeJS.ProcessEnv): string | undefined {
  const named = env['STRAKE_REGISTRIES'];
  if (named !== undefined && named !== '') return named;
  const home = env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config');
  return [join(home, 'strake', 'registries.json'), '/etc/strake/registries.json'].find((path) => existsSync(path));
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new OperatorError('CONFIG_INVALID', `${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
