import type { CacheBlob, CredentialProvider, Descriptor, Digest, Image, Platform, RegistryCredential } from '@strake/api';
import { OperatorError } from '@strake/api';
import { findImage, formatReference, parseReference, type BringBlob, type FollowLayer, type Index, type Reference, type Store } from '@strake/oci';
import type { RegistriesConfig } from './config/registries-config';
import { readRegistries } from './config/read-registries';
import { ownEndpoint, readEndpoints, type Endpoint } from './config/endpoints';
import { registryHost } from './config/hosts';
import { BlobSource } from './content/blob-source';
import { checkRoot } from './content/check-root';
import type { ContentSource, ContentTarget } from './content/content';
import { ImagesSource } from './content/images-source';
import { LayoutSource } from './content/layout-source';
import { LayoutTarget } from './content/layout-target';
import type { LayoutPlace } from './content/layout-place';
import { RegistrySource } from './content/registry-source';
import { RegistryTarget } from './content/registry-target';
import { StoreTarget } from './content/store-target';
import { transfer, type TransferOptions, type TransferProgress } from './content/transfer';
import { Credentials, type Kept } from './credentials/credentials';
import { GivenCredentials } from './credentials/given-credentials';
import { reallyWait, type Patience } from './http/retry';
import { Transport } from './http/transport';
import { checkLogIn, logIn, serverHost, type LogIn } from './login/log-in';
import { bringImage, chooseEntry } from './pull/bring-image';
import { preparePush } from './push/prepare-push';
import { UploadFollower } from './push/upload-follower';
import { Connection, type Network } from './repository/connection';
import type { FetchedManifest } from './repository/read-manifest';
import { Repository } from './repository/repository';

/** What a client is made with. */
export interface RegistryClientOptions {
  /** Goes before what the user's file says. */
  readonly registries?: RegistriesConfig | undefined;
  /** For proxies, credentials and certificates. */
  readonly env: NodeJS.ProcessEnv;
  /** Takes the place of the user's files and helpers. */
  readonly credentials?: CredentialProvider | undefined;
  /** For tests: waits between tries. */
  readonly wait?: Patience['wait'];
}

/** What all work with registries can be told. */
export interface RegistryWork {
  readonly signal?: AbortSignal | undefined;
  progress?(progress: TransferProgress): void;
}

/** Which images of an index. */
export interface PlatformChoice {
  readonly platform?: Platform;
  /** The platform was asked for: an image that is for another one, and has none to choose from, is refused. */
  readonly exact?: boolean;
  /** Every platform, and what else the index names. */
  readonly allPlatforms?: boolean;
}

/** Where `copy` reads and writes. References of registries and of the store as users write them. */
export type Place =
  | { readonly kind: 'registry'; readonly reference: string }
  | { readonly kind: 'store'; readonly store: Store; readonly reference: string }
  | ({ readonly kind: 'layout' } & LayoutPlace);

/** A reference that is read piece by piece: for what is no image. All is verified but what `open` gives. */
export interface RemoteContent {
  root(): Promise<FetchedManifest>;
  /** A manifest by its descriptor. */
  manifest(descriptor: Descriptor): Promise<FetchedManifest>;
  /** A small blob as a whole. */
  read(descriptor: Descriptor): Promise<Buffer>;
  open(descriptor: Descriptor): AsyncIterable<Buffer>;
}

/** A reference that is written piece by piece: blobs, then the manifest that names them. */
export interface RemoteUpload {
  /** Uploads a blob unless it is there; takes it over from a repository of the same registry where that has it. */
  put(blob: CacheBlob): Promise<'done' | 'exists' | 'mounted'>;
  putManifest(manifest: FetchedManifest): Promise<void>;
}

/** A client of OCI registries. Connections, tokens and schemes are kept between calls; nothing is asked before the first one. */
export interface RegistryClient {
  /** What a reference stands for: a manifest or an index, verified. Throws IMAGE_MISSING, REGISTRY_DENIED, REGISTRY_FAILED, REGISTRY_UNREACHABLE, DIGEST_MISMATCH, IMAGE_INVALID, CANCELLED; so do the others. */
  resolve(reference: string, work?: RegistryWork): Promise<FetchedManifest>;
  /** The digest of a tag, as cheaply as the registry tells it. */
  digestOf(reference: string, work?: RegistryWork): Promise<Descriptor['digest']>;
  /** Brings what a build must know of a base image before it is lowered, and no layer. The image gets its name. Answers the root. */
  bringBase(store: Store, reference: string, platform: Platform, work?: RegistryWork & { readonly name?: boolean; readonly known?: FetchedManifest }): Promise<Descriptor>;
  /** Brings one blob that repositories have; `store.remote.bringWith` takes it. */
  bringInto(store: Store): BringBlob;
  /** Pulls an image into the store under its name. */
  pull(store: Store, reference: string, choice: PlatformChoice, work?: RegistryWork): Promise<FetchedManifest>;
  /** Pushes a stored image (a reference, or its manifest's descriptor) to a reference; without a tag in `to` and with `byDigest` under its digest only. */
  push(store: Store, what: string | Descriptor, to: string, choice: PlatformChoice & { readonly byDigest?: boolean }, work?: RegistryWork): Promise<FetchedManifest>;
  /** Pushes images as they are; `index` when there are several. Layers that `store` knows from the same registry are mounted. */
  pushImages(images: readonly Image[], to: readonly string[], options: { readonly index?: FetchedManifest; readonly store?: Store; readonly byDigest?: boolean }, work?: RegistryWork): Promise<FetchedManifest>;
  /** Uploads layers to where they will be pushed while they are compressed; the next push to the same repository finds them there. */
  followLayers(to: string, work?: RegistryWork): FollowLayer | undefined;
  /** Copies between registries, stores and layouts, without keeping anything on the way. */
  copy(from: Place, to: Place, choice: PlatformChoice, work?: RegistryWork): Promise<FetchedManifest>;
  /** Reads what a reference stands for piece by piece. */
  reading(reference: string, work?: RegistryWork): RemoteContent;
  /** Writes to a reference piece by piece; the store remembers which blobs the repository has. */
  writing(reference: string, store: Store, work?: RegistryWork): RemoteUpload;
  tags(repository: string, work?: RegistryWork): Promise<readonly string[]>;
  logIn(who: LogIn): Promise<Kept>;
  /** Verifies a name and a password, and keeps nothing; answers the identity token that the registry gave, where it gives one. */
  checkLogIn(who: LogIn): Promise<string | undefined>;
  /** False when nothing was known. */
  logOut(server: string): Promise<boolean>;
  /** What proves who asks, for others who ask the same registry: a host as in references, and a repository of it. */
  credential(host: string, repository: string): Promise<RegistryCredential | { readonly identityToken: string } | undefined>;
  /** Who is known for a registry; undefined when nobody is. */
  userOf(server: string): Promise<string | undefined>;
  close(): Promise<void>;
}

const DEFAULT_PARALLEL = 4;
/** A quarter of a minute of waiting in all: as long as a registry takes to be started again. */
const DEFAULT_ATTEMPTS = 7;

/** Makes a client. Throws CONFIG_INVALID. */
export function createRegistryClient({ registries, env, credentials, wait = reallyWait }: RegistryClientOptions): RegistryClient {
  const config = readRegistries(env, registries);
  const known = credentials === undefined ? new Credentials(env) : new GivenCredentials(credentials);
  return new Client(config, { config, transport: new Transport(config, env), credentials: known, patience: { attempts: config.attempts ?? DEFAULT_ATTEMPTS, wait } });
}

class Client implements RegistryClient {
  readonly #config: RegistriesConfig;
  readonly #network: Network;
  readonly #connections = new Map<string, Connection>();
  readonly #sent = new Map<string, Set<Digest>>();

  constructor(config: RegistriesConfig, network: Network) {
    this.#config = config;
    this.#network = network;
  }

  resolve(reference: string, work: RegistryWork = {}): Promise<FetchedManifest> {
    return this.#source(parseReference(reference), work).root();
  }

  async digestOf(reference: string, work: RegistryWork = {}): Promise<Descriptor['digest']> {
    const parsed = parseReference(reference);
    if (parsed.digest !== undefined) return parsed.digest;
    const [first] = this.#repositories(parsed);
    const digest = await first?.digestOf(parsed.tag ?? 'latest', formatReference(parsed), work.signal).catch(() => undefined);
    // The whole answer also tells what is wrong.
    return digest ?? (await this.resolve(reference, work)).descriptor.digest;
  }

  async bringBase(store: Store, reference: string, platform: Platform, work: RegistryWork & { readonly name?: boolean; readonly known?: FetchedManifest } = {}): Promise<Descriptor> {
    const parsed = parseReference(reference);
    const root = await bringImage(store, this.#source(parsed, work), { reference, platform }, work.known);
    if (work.name !== false) store.names.set(nameOf(parsed), root);
    return root;
  }

  bringInto(store: Store): BringBlob {
    return async (descriptor, repositories, { signal, progress }) => {
      const failures: unknown[] = [];
      for (const repository of repositories) {
        const source = this.#source({ repository }, { signal });
        const target = new StoreTarget(store, []);
        try {
          await target.bring(descriptor, source, (current) => progress?.(current, descriptor.size));
          return;
        } catch (error) {
          failures.push(error);
          if (signal?.aborted === true) break;
        }
      }
      throw failures[0];
    };
  }

  async pull(store: Store, reference: string, choice: PlatformChoice, work: RegistryWork = {}): Promise<FetchedManifest> {
    const parsed = parseReference(reference);
    return withLease(store, () => transfer(this.#source(parsed, work), new StoreTarget(store, [nameOf(parsed)]), this.#options(reference, choice, work, false)));
  }

  async push(store: Store, what: string | Descriptor, to: string, choice: PlatformChoice & { readonly byDigest?: boolean }, work: RegistryWork = {}): Promise<FetchedManifest> {
    return withLease(store, async () => {
      const prepared = await this.#prepare(store, what, choice, work, this.followLayers(to, work));
      return this.pushImages(prepared.images, [to], { store, ...(prepared.index === undefined ? {} : { index: prepared.index }), ...(choice.byDigest === undefined ? {} : { byDigest: choice.byDigest }) }, work);
    });
  }

  pushImages(images: readonly Image[], to: readonly string[], { index, store, byDigest = false }: { readonly index?: FetchedManifest; readonly store?: Store; readonly byDigest?: boolean }, work: RegistryWork = {}): Promise<FetchedManifest> {
    const source = new ImagesSource(images, { ...(index === undefined ? {} : { index }), ...(store === undefined ? {} : { store }) });
    return this.#pushTo(source, to, byDigest, store, { parallel: this.#parallel, progress: (one) => work.progress?.(one) }, work);
  }

  followLayers(to: string, { signal }: RegistryWork = {}): FollowLayer | undefined {
    // Pieces of a size are for registries that take no large requests.
    if (this.#config.chunkSize !== undefined) return undefined;
    const reference = parseReference(to);
    const { registry, path } = placeOf(reference);
    const repository = this.#repository(ownEndpoint(registry, this.#config), registry, path);
    const sent = this.#sentTo(reference.repository);
    return ({ diffId }) => new UploadFollower(repository, diffId, { signal, sent: ({ digest }) => sent.add(digest) });
  }

  async copy(from: Place, to: Place, choice: PlatformChoice, work: RegistryWork = {}): Promise<FetchedManifest> {
    if (from.kind === 'store' && to.kind === 'registry') return this.push(from.store, from.reference, to.reference, choice, work);
    const stores = [from, to].flatMap((place) => (place.kind === 'store' ? [place.store] : []));
    const shown = from.kind === 'layout' ? from.folder : from.reference;
    return withLeases(stores, async () => {
      const prepared = from.kind === 'store' ? await this.#prepare(from.store, from.reference, choice, work) : undefined;
      const source = prepared !== undefined && from.kind === 'store' ? new ImagesSource(prepared.images, { store: from.store, ...(prepared.index === undefined ? {} : { index: prepared.index }) }) : this.#placeSource(from, work);
      return transfer(source, this.#placeTarget(to, work), this.#options(shown, choice, work, true));
    });
  }

  reading(reference: string, work: RegistryWork = {}): RemoteContent {
    const source = this.#source(parseReference(reference), work);
    return { root: () => source.root(), manifest: (descriptor) => source.manifest(descriptor), read: (descriptor) => source.read(descriptor), open: (descriptor) => source.open(descriptor, () => undefined) };
  }

  writing(reference: string, store: Store, work: RegistryWork = {}): RemoteUpload {
    const parsed = parseReference(reference);
    const target = this.#target(parsed, [parsed.tag ?? 'latest'], store, work);
    return { put: async (blob) => (await target.put(blob.descriptor, new BlobSource(blob), () => undefined)).state, putManifest: (manifest) => target.putManifest(manifest, true) };
  }

  tags(repository: string, { signal }: RegistryWork = {}): Promise<readonly string[]> {
    const [first] = this.#repositories(parseReference(repository)).slice(-1);
    return (first as Repository).tags(signal);
  }

  logIn(who: LogIn): Promise<Kept> {
    return logIn(this.#network, who);
  }

  async checkLogIn(who: LogIn): Promise<string | undefined> {
    const credential = await checkLogIn(this.#network, who);
    return credential.kind === 'identity' ? credential.token : undefined;
  }

  logOut(server: string): Promise<boolean> {
    return this.#network.credentials.delete(serverHost(server));
  }

  async credential(host: string, repository: string): Promise<RegistryCredential | { readonly identityToken: string } | undefined> {
    const known = await this.#network.credentials.get(host, repository);
    if (known === undefined) return undefined;
    switch (known.kind) {
      case 'password': return { username: known.username, password: known.password };
      case 'identity': return { identityToken: known.token };
      case 'bearer': return { token: known.token };
    }
  }

  async userOf(server: string): Promise<string | undefined> {
    const credential = await this.#network.credentials.get(serverHost(server));
    return credential?.kind === 'password' ? credential.username : undefined;
  }

  close(): Promise<void> {
    this.#connections.clear();
    return this.#network.transport.close();
  }

  get #parallel(): number {
    return this.#config.parallel ?? DEFAULT_PARALLEL;
  }

  #options(reference: string, { platform, exact, allPlatforms }: PlatformChoice, work: RegistryWork, flatten: boolean): TransferOptions {
    const check: Pick<TransferOptions, 'check'> = exact !== true || platform === undefined ? {} : { check: (root, source) => checkRoot(root, source, { reference, platform }) };
    const choose = allPlatforms === true || platform === undefined ? {} : { choose: (index: Index) => [chooseEntry(index, { reference, platform })], flatten };
    return { ...choose, ...check, parallel: this.#parallel, progress: (one) => work.progress?.(one) };
  }

  #prepare(store: Store, what: string | Descriptor, { platform, allPlatforms }: PlatformChoice, { signal = new AbortController().signal }: RegistryWork, follow?: FollowLayer): ReturnType<typeof preparePush> {
    const descriptor = typeof what === 'string' ? findImage(store, what).manifest : what;
    const reference = typeof what === 'string' ? what : what.digest;
    const choose = allPlatforms === true || platform === undefined ? {} : { choose: (index: Index) => chooseEntry(index, { reference, platform }) };
    return preparePush(store, descriptor, { ...choose, signal, follow });
  }

  #pushTo(source: ContentSource, to: readonly string[], byDigest: boolean, store: Store | undefined, options: TransferOptions, work: RegistryWork): Promise<FetchedManifest> {
    const references = to.map(parseReference);
    const [first] = references;
    if (first === undefined || references.some(({ repository }) => repository !== first.repository)) throw new OperatorError('USAGE', 'a push goes to one repository');
    const tags = byDigest ? [] : references.map(({ tag }) => tag ?? 'latest');
    return transfer(source, this.#target(first, tags, store, work), options);
  }

  #placeSource(place: Place, work: RegistryWork): ContentSource {
    return place.kind === 'layout' ? new LayoutSource(place) : this.#source(parseReference(place.reference), work);
  }

  #placeTarget(place: Place, work: RegistryWork): ContentTarget {
    if (place.kind === 'layout') return new LayoutTarget(place);
    const reference = parseReference(place.reference);
    if (place.kind === 'store') return new StoreTarget(place.store, [nameOf(reference)]);
    return this.#target(reference, reference.digest === undefined || reference.tag !== undefined ? [reference.tag ?? 'latest'] : [], undefined, work);
  }

  #target(reference: Reference, tags: readonly string[], store: Store | undefined, { signal }: RegistryWork): RegistryTarget {
    const { registry, path } = placeOf(reference);
    const repository = this.#repository(ownEndpoint(registry, this.#config), registry, path);
    const sent = this.#sentTo(reference.repository);
    return new RegistryTarget({ repository, tags, chunkSize: this.#config.chunkSize, signal, sent: (digest) => sent.delete(digest), has: ({ digest }) => store?.remote.remember(digest, reference.repository) });
  }

  /** What was uploaded to a repository and is not pushed yet. */
  #sentTo(repository: string): Set<Digest> {
    const sent = this.#sent.get(repository) ?? new Set();
    this.#sent.set(repository, sent);
    return sent;
  }

  #source(reference: Reference, { signal }: RegistryWork): RegistrySource {
    return new RegistrySource({ reference, repositories: this.#repositories(reference), patience: this.#network.patience, signal });
  }

  #repositories(reference: Reference): readonly Repository[] {
    const { registry, path } = placeOf(reference);
    return readEndpoints(registry, this.#config).map((endpoint) => this.#repository(endpoint, registry, path));
  }

  #repository(endpoint: Endpoint, registry: string, path: string): Repository {
    const key = `${endpoint.host} ${endpoint.schemes.join()} ${endpoint.isMirror}`;
    const connection = this.#connections.get(key) ?? new Connection(endpoint, this.#network);
    this.#connections.set(key, connection);
    return new Repository({ registry: endpoint.isMirror ? endpoint.host : registry, path, connection, config: this.#config });
  }
}

/** Host and path of a normalised repository. */
function placeOf({ repository }: Reference): { readonly registry: string; readonly path: string } {
  const slash = repository.indexOf('/');
  return { registry: registryHost(repository.slice(0, slash)), path: repository.slice(slash + 1) };
}

/** What an image is called in the store. */
function nameOf(reference: Reference): string {
  return formatReference(reference);
}

function withLease<T>(store: Store, work: () => Promise<T>): Promise<T> {
  return withLeases([store], work);
}

/** Nothing is pruned meanwhile. */
async function withLeases<T>(stores: readonly Store[], work: () => Promise<T>): Promise<T> {
  const leases = stores.map((store) => store.lease());
  try {
    return await work();
  } finally {
    for (const lease of leases) lease.release();
  }
}
