import type { Descriptor, Digest } from '@strake/api';
import { OperatorError } from '@strake/api';
import { isDigest } from '@strake/oci';
import type { Subject } from '../http/errors';
import { locationOf } from '../http/follow';
import { readLimited } from '../http/read-limited';
import { headerOf, type Reply } from '../http/transport';
import { wrongAnswer, type Connection, type Request } from './connection';
import { MANIFEST_TYPES } from './manifest-types';
import { readManifestReply, type FetchedManifest } from './read-manifest';
import type { RegistriesConfig } from '../config/registries-config';

/** What a repository is made of. */
export interface RepositoryParts {
  /** `docker.io` */
  readonly registry: string;
  /** `library/debian` */
  readonly path: string;
  readonly connection: Connection;
  readonly config: RegistriesConfig;
}

/** One repository at one host: distribution-spec 1.1, call by call. */
export class Repository {
  readonly registry: string;
  readonly path: string;
  readonly connection: Connection;
  readonly config: RegistriesConfig;

  constructor({ registry, path, connection, config }: RepositoryParts) {
    this.registry = registry;
    this.path = `${connection.endpoint.prefix}${path}`;
    this.connection = connection;
    this.config = config;
  }

  /** The manifest of a tag or a digest, verified; `descriptor` where its size is known too. */
  async manifest(reference: string, what: string, signal: AbortSignal | undefined, descriptor?: Descriptor): Promise<FetchedManifest> {
    const subject = this.subject('pull', what);
    const reply = await this.#send({ method: 'GET', path: `manifests/${reference}`, headers: { accept: MANIFEST_TYPES.join(', ') }, expect: [200], subject, signal });
    try {
      return await readManifestReply(reply, { ...(isDigest(reference) ? { digest: reference } : {}), ...(descriptor === undefined ? {} : { descriptor }) }, what);
    } catch (error) {
      throw this.connection.broken(error, { subject, signal });
    }
  }

  /** The digest of a tag without its manifest; undefined when there is no such tag or the registry does not tell. */
  async digestOf(reference: string, what: string, signal: AbortSignal | undefined): Promise<Digest | undefined> {
    const subject = this.subject('pull', what);
    const reply = await this.#send({ method: 'HEAD', path: `manifests/${reference}`, headers: { accept: MANIFEST_TYPES.join(', ') }, expect: [200, 404], subject, signal });
    await reply.body.dump();
    const digest = headerOf(reply, 'docker-content-digest');
    return reply.status === 200 && isDigest(digest) ? digest : undefined;
  }

  /** A blob from an offset on; status 200 means that all of it comes. */
  openBlob(digest: Digest, offset: number, signal: AbortSignal | undefined): Promise<Reply> {
    const headers = offset === 0 ? {} : { range: `bytes=${offset}-` };
    return this.#send({ method: 'GET', path: `blobs/${digest}`, headers, expect: offset === 0 ? [200] : [200, 206], subject: this.subject('pull', digest), signal, once: true });
  }

  /** Whether the repository has a blob. */
  async hasBlob(digest: Digest, signal: AbortSignal | undefined): Promise<boolean> {
    const reply = await this.#push({ method: 'HEAD', path: `blobs/${digest}`, expect: [200, 404], subject: this.subject('push', digest), signal });
    await reply.body.dump();
    return reply.status === 200;
  }

  /** Begins an upload; with `from` the blob of another repository is asked for. Answers where to upload, undefined when the blob was mounted. `once`: is not tried again. */
  async beginUpload(digest: Digest, from: string | undefined, signal: AbortSignal | undefined, once = false): Promise<URL | undefined> {
    const query = from === undefined ? '' : `?${new URLSearchParams({ mount: digest, from }).toString()}`;
    const scopes = from === undefined ? [] : [`repository:${from}:pull`];
    const reply = await this.#push({ method: 'POST', path: `blobs/uploads/${query}`, expect: [201, 202], subject: this.subject('push', digest), signal, once }, scopes);
    await reply.body.dump();
    return reply.status === 201 && from !== undefined ? undefined : this.location(reply);
  }

  /** A request on an upload, at the address that the registry gave. */
  upload(request: Pick<Request, 'method' | 'headers' | 'body' | 'expect' | 'signal'> & { readonly url: URL; readonly digest: Digest; readonly once?: boolean }): Promise<Reply> {
    const { url, digest, ...rest } = request;
    return this.#push({ ...rest, path: url, subject: this.subject('push', digest) });
  }

  /** Where an upload goes on. */
  location(reply: Reply): URL {
    const location = headerOf(reply, 'location');
    if (location === undefined) throw wrongAnswer(reply.url.host, 'it does not say where to upload to');
    return locationOf(location, reply.url, this.config);
  }

  /** Puts a manifest under a tag or its digest, byte for byte. */
  async putManifest({ descriptor, bytes }: FetchedManifest, reference: string, signal: AbortSignal | undefined): Promise<void> {
    const subject = this.subject('push', reference);
    const reply = await this.#push({ method: 'PUT', path: `manifests/${reference}`, headers: { 'content-type': descriptor.mediaType }, body: () => bytes, expect: [200, 201, 202], subject, signal });
    await reply.body.dump();
    const digest = headerOf(reply, 'docker-content-digest');
    if (isDigest(digest) && digest !== descriptor.digest) throw wrongAnswer(reply.url.host, `it took the manifest ${descriptor.digest} for ${digest}`);
  }

  /** All tags, page by page. */
  async tags(signal: AbortSignal | undefined): Promise<readonly string[]> {
    const found: string[] = [];
    let path: string | URL | undefined = `tags/list?n=${PAGE}`;
    for (let page = 0; path !== undefined; page += 1) {
      if (page >= MOST_PAGES) throw wrongAnswer(this.registry, 'its list of tags has no end');
      const reply = await this.#send({ method: 'GET', path, expect: [200], subject: this.subject('pull', this.path), signal });
      const next = /<([^>]*)>\s*;\s*rel="?next"?/.exec(headerOf(reply, 'link') ?? '')?.[1];
      found.push(...parseTags(await readLimited(reply, MOST_LIST_BYTES, 'the list of tags'), reply.url.host));
      path = next === undefined ? undefined : locationOf(next, reply.url, this.config);
    }
    return found;
  }

  subject(doing: Subject['doing'], what: string): Subject {
    return { registry: this.registry, what, doing };
  }

  #send(request: Omit<Request, 'scopes'>): Promise<Reply> {
    return this.connection.send({ ...request, path: this.#path(request.path), scopes: [`repository:${this.path}:pull`], repository: this.path });
  }

  #push(request: Omit<Request, 'scopes'>, more: readonly string[] = []): Promise<Reply> {
    return this.connection.send({ ...request, path: this.#path(request.path), scopes: [`repository:${this.path}:pull,push`, ...more], repository: this.path });
  }

  #path(path: string | URL): string | URL {
    return path instanceof URL ? path : `${this.path}/${path}`;
  }
}

const PAGE = 1000;
const MOST_PAGES = 1000;
const MOST_LIST_BYTES = 8 << 20;

function parseTags(bytes: Buffer, host: string): readonly string[] {
  try {
    const { tags } = JSON.parse(bytes.toString('utf8')) as { tags?: unknown };
    const list: unknown = tags ?? [];
    if (Array.isArray(list) && list.every((tag): tag is string => typeof tag === 'string' && /^\w[\w.-]{0,127}$/.test(tag))) return list;
  } catch {
    // Said below.
  }
  throw new OperatorError('REGISTRY_FAILED', `${host} answers no list of tags`);
}
