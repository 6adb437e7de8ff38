import type { RegistryCredential } from '@strake/api';

/** Answers who asks a registry: for its host and a repository of it. */
export type AskCredential = (host: string, repository: string) => Promise<RegistryCredential | { readonly identityToken: string } | undefined>;

/** `X-Registry-Auth` for one repository's registry; undefined when nobody is known there. The engine gives it to that registry alone. */
export async function registryAuth(repository: string, ask: AskCredential): Promise<string | undefined> {
  const [host = '', ...rest] = repository.split('/');
  const known = await ask(host, rest.join('/'));
  if (known === undefined) return undefined;
  const serveraddress = host === 'docker.io' ? 'https://index.docker.io/v1/' : host;
  // With its padding: engines drop, in silence, what they cannot decode.
  return Buffer.from(JSON.stringify({ ...fieldsOf(known), serveraddress })).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}

function fieldsOf(known: RegistryCredential | { readonly identityToken: string }): Readonly<Record<string, string>> {
  if ('identityToken' in known) return { identitytoken: known.identityToken };
  return 'token' in known ? { registrytoken: known.token } : { username: known.username, password: known.password };
}
