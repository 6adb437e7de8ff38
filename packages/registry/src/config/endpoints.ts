import { OperatorError } from '@strake/api';
import { apiHost, isLoopback, listsHost } from './hosts';
import type { RegistriesConfig } from './registries-config';

/** Where a registry's API is asked. */
export interface Endpoint {
  /** `registry.test:5000`: whose credentials are used. */
  readonly host: string;
  /** Goes before the repository's path; ends with `/` unless empty. */
  readonly prefix: string;
  /** In the order in which they are tried. */
  readonly schemes: readonly ('https' | 'http')[];
  readonly isMirror: boolean;
}

/** Where to read from a registry: its mirrors, then itself. Throws CONFIG_INVALID for a mirror that is no address. */
export function readEndpoints(registry: string, config: RegistriesConfig): readonly Endpoint[] {
  const mirrors = (config.mirrors?.[registry] ?? []).map((mirror) => mirrorEndpoint(mirror, registry, config));
  return [...mirrors, ownEndpoint(registry, config)];
}

/** Where to write to a registry: never to a mirror. */
export function ownEndpoint(registry: string, config: RegistriesConfig): Endpoint {
  return { host: registry, prefix: '', schemes: schemesOf(apiHost(registry), config), isMirror: false };
}

/** Whether a host may be talked to without anyone having vouched for it. */
export function isInsecure(host: string, config: RegistriesConfig): boolean {
  return isLoopback(host) || listsHost(config.insecure ?? [], host);
}

function mirrorEndpoint(text: string, registry: string, config: RegistriesConfig): Endpoint {
  const [, scheme, host = '', path = ''] = /^(?:(https?):\/\/)?([^/]+)\/?(.*?)\/?$/.exec(text) ?? [];
  if (!/^[\w.-]+(?::\d+)?$|^\[[0-9a-f:]+\](?::\d+)?$/i.test(host)) throw new OperatorError('CONFIG_INVALID', `the mirror ${JSON.stringify(text)} of ${registry} is no address`, { hint: 'Write host[:port][/prefix], or a URL.' });
  const lower = host.toLowerCase();
  if (scheme === 'http' && !isInsecure(lower, config)) {
    throw new OperatorError('CONFIG_INVALID', `the mirror ${text} of ${registry} is asked in plain HTTP`, { hint: `Add ${lower} to the insecure registries if that is meant.` });
  }
  const schemes = scheme === undefined ? schemesOf(lower, config) : [scheme as 'https' | 'http'];
  return { host: lower, prefix: path === '' || path === 'v2' ? '' : `${path.replace(/^v2\//, '')}/`, schemes, isMirror: true };
}

/** On this machine plain HTTP is the rule, and loading certificates to find that out takes longer than a small push. */
function schemesOf(host: string, config: RegistriesConfig): Endpoint['schemes'] {
  if (isLoopback(host) && config.certificates?.[host] === undefined) return ['http', 'https'];
  return isInsecure(host, config) ? ['https', 'http'] : ['https'];
}
