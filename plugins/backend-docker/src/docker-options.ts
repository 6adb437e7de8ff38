import { OperatorError, suggest } from '@strake/api';
import type { EngineChoice } from './engine';

/** What the backend is told by `backendOptions` and `--backend-opt`. */
export interface DockerOptions extends EngineChoice {
  /** `--security-opt` of every container. */
  readonly securityOptions: readonly string[];
  readonly isolation?: string;
}

const KNOWN = ['host', 'context', 'tls', 'security-opt', 'isolation'];

/** Reads the backend's options. Throws CONFIG_INVALID. */
export function dockerOptions(given: Readonly<Record<string, string>>): DockerOptions {
  const unknown = Object.keys(given).find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) {
    const near = suggest(unknown, KNOWN);
    throw new OperatorError('CONFIG_INVALID', `the docker backend has no option "${unknown}"`, { hint: near === undefined ? `Known: ${KNOWN.join(', ')}.` : `Did you mean ${near}?` });
  }
  const { host, context, tls, isolation } = given;
  const security = given['security-opt'];
  return {
    securityOptions: security === undefined || security === '' ? [] : security.split(','),
    ...(host === undefined ? {} : { host }), ...(context === undefined ? {} : { context }), ...(isolation === undefined ? {} : { isolation }),
    ...(tls === undefined ? {} : { tls: tls === 'true' || (tls !== 'false' && tls) }),
  };
}
