import type { IncomingHttpHeaders } from 'node:http';
import type { CredentialProvider, RegistryCredential } from '@strake/api';

/** What a client proves to registries with, for one request: `X-Registry-Config`, credentials by registry. Undefined when it has sent none. */
export function credentialsByRegistry(headers: IncomingHttpHeaders): CredentialProvider | undefined {
  const known = new Map(Object.entries(decode(headers['x-registry-config'])).flatMap(([server, sent]) => {
    const credential = credentialOf(sent);
    return credential === undefined ? [] : [[registryOf(server), credential] as const];
  }));
  return known.size === 0 ? undefined : (host) => known.get(host);
}

/** `X-Registry-Auth`: the credential of one registry, that of the image. No other host is ever given it. */
export function credentialsFor(reference: string, headers: IncomingHttpHeaders): CredentialProvider | undefined {
  const credential = credentialOf(decode(headers['x-registry-auth']));
  const registry = registryOfReference(reference);
  return credential === undefined ? undefined : (host) => (host === registry ? credential : undefined);
}

/** As the engine: what cannot be read counts as nothing. */
function decode(header: string | readonly string[] | undefined): Readonly<Record<string, unknown>> {
  if (typeof header !== 'string' || header === '') return {};
  try {
    const value: unknown = JSON.parse(Buffer.from(header, 'base64url').toString('utf8'));
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The engine's AuthConfig; undefined when nothing in it proves anything. */
function credentialOf(sent: unknown): RegistryCredential | undefined {
  if (!isRecord(sent)) return undefined;
  const { registrytoken, identitytoken, username, password, auth } = Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, typeof value === 'string' ? value : '']));
  if (registrytoken) return { token: registrytoken };
  if (identitytoken) return { identityToken: identitytoken };
  if (username && password) return { username, password };
  const [, name, secret] = /^([^:]+):([^]+)$/.exec(Buffer.from(auth ?? '', 'base64').toString('utf8')) ?? [];
  return name === undefined || secret === undefined ? undefined : { username: name, password: secret };
}

const HUB = 'docker.io';

/** The registry of an address as clients keep it: `https://index.docker.io/v1/`, `registry.example.com:5000`. */
function registryOf(server: string): string {
  const host = server.replace(/^https?:\/\//, '').split('/', 1)[0] ?? '';
  return ['index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com'].includes(host) ? HUB : host;
}

/** The registry that an image's name begins with, where it does. */
function registryOfReference(reference: string): string {
  const [first = '', ...rest] = reference.split('/');
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? registryOf(first) : HUB;
}
