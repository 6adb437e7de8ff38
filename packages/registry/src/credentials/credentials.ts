import { authFilePath, changeAuthFile, keyPlace, readAuthFile, serverKey, type AuthConfig, type AuthEntry } from './auth-file';
import { IDENTITY_USER, type Credential } from './credential';
import { askHelper, eraseFromHelper, storeWithHelper } from './credential-helper';

/** Where a credential was put. */
export interface Kept {
  readonly file: string;
  /** The helper that has it; undefined when it stands in the file, readable. */
  readonly helper?: string;
}

/** Who answers for registries. */
export interface CredentialStore {
  get(registry: string, repository?: string): Promise<Credential | undefined>;
  set(registry: string, credential: Credential): Promise<Kept>;
  delete(registry: string): Promise<boolean>;
}

/** The credentials of a user by registry, as docker, buildah and skopeo keep them. A registry's credential is for that host only. */
export class Credentials implements CredentialStore {
  readonly #env: NodeJS.ProcessEnv;
  readonly #asked = new Map<string, Promise<Credential | undefined>>();

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  /** What is known for a registry (`docker.io`), or for a repository of it. Each helper is asked once. */
  get(registry: string, repository?: string): Promise<Credential | undefined> {
    const key = `${registry}/${repository ?? ''}`;
    const asked = this.#asked.get(key) ?? this.#find(registry, repository ?? '');
    this.#asked.set(key, asked);
    return asked;
  }

  /** Keeps a credential: with the helper that is configured for the registry, else in the file. */
  async set(registry: string, credential: Credential): Promise<Kept> {
    const file = authFilePath(this.#env);
    const helper = helperOf(readAuthFile(file), registry);
    this.#asked.clear();
    if (helper !== undefined) await storeWithHelper(helper, serverKey(registry), credential, this.#env);
    changeAuthFile(file, (auths) => ({ ...without(auths, registry), [serverKey(registry)]: helper === undefined ? entryOf(credential) : {} }));
    return { file, ...(helper === undefined ? {} : { helper }) };
  }

  /** Forgets a registry's credential; false when none was known. */
  async delete(registry: string): Promise<boolean> {
    const file = authFilePath(this.#env);
    const config = readAuthFile(file);
    const helper = helperOf(config, registry);
    const known = Object.keys(config.auths ?? {}).some((key) => isOf(key, registry));
    const inHelper = helper !== undefined && (await askHelper(helper, serverKey(registry), this.#env)) !== undefined;
    this.#asked.clear();
    if (helper !== undefined && inHelper) await eraseFromHelper(helper, serverKey(registry), this.#env);
    if (known) changeAuthFile(file, (auths) => without(auths, registry));
    return known || inHelper;
  }

  async #find(registry: string, repository: string): Promise<Credential | undefined> {
    const config = readAuthFile(authFilePath(this.#env));
    const helper = helperOf(config, registry);
    const helped = helper === undefined ? undefined : await askHelper(helper, serverKey(registry), this.#env);
    return helped ?? fromEntries(config, registry, repository);
  }
}

function helperOf({ credHelpers = {}, credsStore }: AuthConfig, registry: string): string | undefined {
  const own = Object.entries(credHelpers).find(([key]) => isOf(key, registry))?.[1];
  return own ?? (credsStore === '' ? undefined : credsStore);
}

const isOf = (key: string, registry: string): boolean => keyPlace(key).registry === registry && keyPlace(key).path === '';

function without(auths: Readonly<Record<string, AuthEntry>>, registry: string): Readonly<Record<string, AuthEntry>> {
  return Object.fromEntries(Object.entries(auths).filter(([key]) => !isOf(key, registry)));
}

/** The entry with the longest path that the repository is below, as containers-auth.json(5) has it. */
function fromEntries({ auths = {} }: AuthConfig, registry: string, repository: string): Credential | undefined {
  const fitting = Object.entries(auths)
    .map(([key, entry]) => ({ ...keyPlace(key), entry }))
    .filter((one) => one.registry === registry && (one.path === '' || one.path === repository || repository.startsWith(`${one.path}/`)))
    .sort((a, b) => b.path.length - a.path.length);
  return fitting.map(({ entry }) => credentialOf(entry)).find((one) => one !== undefined);
}

function credentialOf({ auth, username, password, identitytoken, registrytoken }: AuthEntry): Credential | undefined {
  if (registrytoken) return { kind: 'bearer', token: registrytoken };
  if (identitytoken) return { kind: 'identity', token: identitytoken };
  if (username && password) return { kind: 'password', username, password };
  const [, name, secret] = /^([^:]+):([^]*)$/.exec(Buffer.from(auth ?? '', 'base64').toString('utf8').replace(/\0+$/, '')) ?? [];
  return name === undefined || secret === undefined ? undefined : { kind: 'password', username: name, password: secret };
}

function entryOf(credential: Credential): AuthEntry {
  if (credential.kind === 'password') return { auth: Buffer.from(`${credential.username}:${credential.password}`).toString('base64') };
  return credential.kind === 'bearer' ? { registrytoken: credential.token } : { auth: Buffer.from(`${IDENTITY_USER}:`).toString('base64'), identitytoken: credential.token };
}
