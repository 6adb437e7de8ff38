import type { SecretProvider } from '@strake/api';

/** On this host one token is for all repositories, as with BuildKit. */
const SHARED = ['https://github.com/', 'https://www.github.com/'];

/**
 * git's configuration that lets it in at a repository by http: `GIT_AUTH_HEADER.<host>`, `GIT_AUTH_TOKEN.<host>`, `GIT_AUTH_HEADER`,
 * `GIT_AUTH_TOKEN`, the first that is given; else user and password of the URL itself. What names the host holds for all of it, submodules too;
 * everything else for this repository only.
 */
export async function authorizationFor(remote: string, secrets: SecretProvider | undefined): Promise<Readonly<Record<string, string>>> {
  if (!/^https?:\/\//.test(remote)) return {};
  const url = new URL(remote);
  const bound = await secretValue(`.${url.host}`, secrets);
  const value = bound ?? (await secretValue('', secrets)) ?? ownValue(url);
  if (value === undefined) return {};
  const plain = withoutCredentials(remote);
  const scope = bound === undefined ? (SHARED.find((prefix) => plain.startsWith(prefix)) ?? plain) : `${url.protocol}//${url.host}/`;
  return { [`http.${scope}.extraHeader`]: `Authorization: ${value}` };
}

/** As `authorizationFor`, at the hosts of submodules: only secrets that name a host are for it, whoever wrote the address. */
export async function authorizationAt(addresses: readonly string[], secrets: SecretProvider | undefined): Promise<Readonly<Record<string, string>>> {
  const origins = new Set(addresses.filter((address) => /^https?:\/\//.test(address) && URL.canParse(address)).map((address) => new URL(address).origin));
  const lines = await Promise.all([...origins].map(async (origin) => {
    const value = await secretValue(`.${new URL(origin).host}`, secrets);
    return value === undefined ? [] : [[`http.${origin}/.extraHeader`, `Authorization: ${value}`] as const];
  }));
  return Object.fromEntries(lines.flat());
}

/** A URL as git is told it: what lets us in is told otherwise. */
export function withoutCredentials(remote: string): string {
  return remote.replace(/^(https?:\/\/)[^/?#@]*@/, '$1');
}

async function secretValue(suffix: string, secrets: SecretProvider | undefined): Promise<string | undefined> {
  for (const name of [`GIT_AUTH_HEADER${suffix}`, `GIT_AUTH_TOKEN${suffix}`]) {
    const secret = (await secrets?.get(name))?.toString('utf8').replace(/[\r\n]+$/, '');
    if (secret !== undefined) return name.startsWith('GIT_AUTH_HEADER') ? secret : basic(`x-access-token:${secret}`);
  }
  return undefined;
}

function ownValue({ username, password }: URL): string | undefined {
  return username === '' && password === '' ? undefined : basic(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
}

const basic = (pair: string): string => `basic ${Buffer.from(pair).toString('base64')}`;
