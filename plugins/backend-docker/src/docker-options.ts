import { OperatorError, suggest } from '@strake/api';
import type { EngineChoice } from './engine';
import { securityOptions } from './settings/security-options';

/** What the backend is told by `backendOptions` and `--backend-opt`. */
export interface DockerOptions extends EngineChoice {
  /** `--security-opt` of every container. */
  readonly securityOptions: readonly string[];
  /** `systempaths=unconfined` was among them. */
  readonly allSystemPaths: boolean;
  readonly isolation?: string;
  /** What `--network default` means: a network of the engine, or `container:` and one that runs. */
  readonly network?: string;
}

const KNOWN = ['host', 'context', 'tls', 'security-opt', 'isolation', 'network'];

/** Reads the backend's options. Throws CONFIG_INVALID. */
export function dockerOptions(given: Readonly<Record<string, string>>): DockerOptions {
  const unknown = Object.keys(given).find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) {
    const near = suggest(unknown, KNOWN);
    throw new OperatorError('CONFIG_INVALID', `the docker backend has no option "${unknown}"`, { hint: near === undefined ? `Known: ${KNOWN.join(', ')}.` : `Did you mean ${near}?` });
  }
  const { host, context, tls, isolation, network } = given;
  const security = securityOptions((given['security-opt'] ?? '').split(',').filter((option) => option !== ''));
  return {
    securityOptions: security.options, allSystemPaths: security.allSystemPaths,
    ...(network === undefined || network === '' || network === 'default' ? {} : { network }),
    ...(host === undefined ? {} : { host }), ...(context === undefined ? {} : { context }), ...(isolation === undefined ? {} : { isolation }),
    ...(tls === undefined ? {} : { tls: tls === 'true' || (tls !== 'false' && tls) }),
  };
}
