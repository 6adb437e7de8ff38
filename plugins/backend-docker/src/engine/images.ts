import type { Readable } from 'node:stream';
import type { Descriptor, Digest, Platform } from '@strake/api';
import type { Engine } from './engine';
import { EngineError, hasStatus } from './engine-errors';

/** `GET /images/{name}/json`, as far as it is used. The names are the API's. */
export interface EngineImage {
  readonly Id: Digest;
  readonly RepoTags: readonly string[] | null;
  readonly RepoDigests: readonly string[] | null;
  /** The image that it was committed on; empty for one that was pulled or loaded. */
  readonly Parent: string;
  readonly Comment: string;
  readonly Created: string;
  readonly Author: string;
  readonly Architecture: string;
  readonly Variant?: string;
  readonly Os: string;
  readonly Size: number;
  readonly Config: Readonly<Record<string, unknown>> | null;
  /** What the container was created with that was committed. */
  readonly ContainerConfig?: Readonly<Record<string, unknown>>;
  readonly RootFS: { readonly Type: string; readonly Layers?: readonly Digest[] };
}

/** A manifest of an image, as an engine with containerd's store has it. */
export interface EngineManifest {
  readonly Descriptor: Descriptor;
  /** All of its blobs are in the engine. */
  readonly Available: boolean;
  readonly Kind: string;
  readonly ImageData?: { readonly Platform: Platform };
}

/** `GET /images/json` */
export interface EngineImageSummary {
  readonly Id: Digest;
  readonly ParentId: string;
  readonly RepoTags: readonly string[] | null;
  readonly RepoDigests: readonly string[] | null;
  /** Seconds since 1970. */
  readonly Created: number;
  /** Bytes. */
  readonly Size: number;
  readonly Labels: Readonly<Record<string, string>> | null;
}

/** `GET /images/{name}/history`, newest first. */
export interface EngineHistoryEntry {
  readonly Id: string;
  /** Seconds since 1970. */
  readonly Created: number;
  readonly CreatedBy: string;
  readonly Size: number;
  readonly Comment: string;
}

/** `current` and `total` in bytes. */
export type EngineProgress = (label: string, current: number, total?: number) => void;

interface ProgressMessage {
  readonly id?: string;
  readonly status?: string;
  readonly stream?: string;
  readonly error?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
}

/** What an engine says while it pulls or pushes. */
export type EngineMessage = Pick<ProgressMessage, 'id' | 'status' | 'progressDetail'>;

/** Images of an engine. All methods throw what `Engine.open` does. */
export class EngineImages {
  private readonly engine: Engine;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** By name, ID or unique beginning of an ID; undefined where there is none. */
  async inspect(reference: string, signal?: AbortSignal): Promise<EngineImage | undefined> {
    try {
      return await this.engine.json<EngineImage>({ what: `look at ${reference}`, method: 'GET', path: `/images/${encoded(reference)}/json`, ...given(signal) });
    } catch (error) {
      if (hasStatus(error, 404)) return undefined;
      throw error;
    }
  }

  /** The manifests of an image, of which there are several for several platforms. Only engines with containerd's store that speak API 1.48 know them. */
  async manifests(id: Digest, signal?: AbortSignal): Promise<readonly EngineManifest[]> {
    const request = { what: `look at the manifests of ${id}`, method: 'GET', path: `/images/${id}/json`, query: { manifests: true }, version: '1.48', ...given(signal) } as const;
    const { Manifests } = await this.engine.json<{ readonly Manifests?: readonly EngineManifest[] | null }>(request);
    return Manifests ?? [];
  }

  /** With `all` those too that are only parents of others. */
  async list(options: { readonly all?: boolean; readonly filters?: Readonly<Record<string, readonly string[]>> } = {}): Promise<readonly EngineImageSummary[]> {
    const { all = false, filters } = options;
    return this.engine.json({ what: 'list images', method: 'GET', path: '/images/json', query: { all, ...(filters === undefined ? {} : { filters: JSON.stringify(filters) }) } });
  }

  async history(reference: string): Promise<readonly EngineHistoryEntry[]> {
    return this.engine.json({ what: `read the history of ${reference}`, method: 'GET', path: `/images/${encoded(reference)}/history` });
  }

  /** `tag` is `latest` where it is absent. */
  async tag(reference: string, repository: string, tag?: string): Promise<void> {
    await this.engine.bytes({ what: `name ${reference}`, method: 'POST', path: `/images/${encoded(reference)}/tag`, query: { repo: repository, tag } });
  }

  /** Takes a name away, or by an ID the image. With `prune` its parents without a name go too. */
  async remove(reference: string, options: { readonly force?: boolean; readonly prune?: boolean } = {}): Promise<readonly { readonly Untagged?: string; readonly Deleted?: string }[]> {
    const { force = false, prune = true } = options;
    return this.engine.json({ what: `remove ${reference}`, method: 'DELETE', path: `/images/${encoded(reference)}`, query: { force, noprune: !prune } });
  }

  /** Reads images from a tar of `docker save`; what the engine says of them, such as `Loaded image ID: …`. */
  async load(tar: Readable | Buffer, signal?: AbortSignal): Promise<readonly string[]> {
    const said: string[] = [];
    const request = { what: 'load an image', method: 'POST', path: '/images/load', query: { quiet: true }, file: tar, headers: { 'Content-Type': 'application/x-tar' }, ...given(signal) } as const;
    for await (const { stream } of this.engine.messages<ProgressMessage>(request)) if (stream !== undefined) said.push(stream.trim());
    // With containerd's store an image is there all the same, and that it cannot be used is no error.
    const failed = said.find((line) => line.startsWith('Error unpacking image'));
    if (failed !== undefined) throw new EngineError(500, request.what, failed);
    return said;
  }

  /** One image, or several, as a tar. */
  save(references: readonly string[], signal?: AbortSignal): Promise<Readable> {
    const [only = ''] = references;
    const path = references.length === 1 ? `/images/${encoded(only)}/get` : '/images/get';
    const query = references.length === 1 ? {} : { names: references };
    return this.engine.open({ what: `save ${references.join(', ')}`, method: 'GET', path, query, ...given(signal) });
  }

  /** Without `tag` all tags. `auth` is `X-Registry-Auth`: the credentials for the registry of `reference`, and no other. `tell` gets every message, `progress` what moves. */
  async pull(reference: string, options: { readonly tag?: string; readonly platform?: string; readonly auth?: string; readonly progress?: EngineProgress; readonly tell?: (message: EngineMessage) => void; readonly signal?: AbortSignal }): Promise<void> {
    const { tag, platform, auth, progress, tell, signal } = options;
    const headers = auth === undefined ? {} : { 'X-Registry-Auth': auth };
    const request = { what: `pull ${reference}`, method: 'POST', path: '/images/create', query: { fromImage: reference, tag, platform }, headers, ...given(signal) } as const;
    if (tell === undefined) await this.follow(request, progress);
    else for await (const message of this.engine.messages<ProgressMessage>(request)) tell(message);
  }

  /** Makes an image of a root file system's tar; its ID. */
  async import(tar: Readable, options: { readonly repository?: string; readonly tag?: string; readonly message: string; readonly changes: readonly string[]; readonly platform?: string; readonly signal?: AbortSignal }): Promise<Digest | undefined> {
    const { repository: repo, tag, message, changes, platform, signal } = options;
    const query = { fromSrc: '-', repo, tag, message, changes, platform };
    let id: Digest | undefined;
    for await (const { status = '' } of this.engine.messages<ProgressMessage>({ what: 'import an image', method: 'POST', path: '/images/create', query, file: tar, headers: { 'Content-Type': 'application/x-tar' }, ...given(signal) })) {
      if (/^sha256:[0-9a-f]{64}$/.test(status)) id = status as Digest;
    }
    return id;
  }

  async push(repository: string, options: { readonly tag?: string; readonly auth: string; readonly progress?: EngineProgress; readonly signal?: AbortSignal }): Promise<void> {
    const { tag, auth, progress, signal } = options;
    await this.follow({ what: `push ${repository}`, method: 'POST', path: `/images/${encoded(repository)}/push`, query: { tag }, headers: { 'X-Registry-Auth': auth }, ...given(signal) }, progress);
  }

  private async follow(request: Parameters<Engine['messages']>[0], progress: EngineProgress | undefined): Promise<void> {
    for await (const { id, status = '', progressDetail: { current, total } = {} } of this.engine.messages<ProgressMessage>(request)) {
      if (current !== undefined) progress?.(`${status} ${id ?? ''}`.trim(), current, total);
    }
  }
}

/** Slashes and colons of a name stay: the engine's paths have them. */
const encoded = (reference: string): string => reference.split('/').map((part) => encodeURIComponent(part).replaceAll('%3A', ':').replaceAll('%40', '@')).join('/');

const given = (signal: AbortSignal | undefined): { readonly signal?: AbortSignal } => (signal === undefined ? {} : { signal });
