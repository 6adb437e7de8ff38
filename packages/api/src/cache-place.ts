import type { Descriptor } from './image';

/** What a place outside the store is opened with. */
export interface CachePlaceOptions {
  /** The working directory of whoever builds; absolute. */
  readonly cwd: string;
  /** Of whoever builds: where credentials and addresses of services come from. */
  readonly env: NodeJS.ProcessEnv;
}

/** A layer as it lies in a place, on its way there. */
export interface CacheBlob {
  readonly descriptor: Descriptor;
  /** The bytes from their start, each time anew; the stream fails, and keeps back the last of them, when they are not what the descriptor says. */
  open(): AsyncIterable<Buffer>;
  /** Repositories (`registry.example.com/app`) that have it as well, for places that can take it over from there. */
  readonly repositories: readonly string[];
}

/** A place that a cache is read from. It is asked from many sides at once. */
export interface CacheReader {
  /** For people: `registry registry.example.com/app:cache`. No secret is in it. */
  readonly name: string;
  /** The repository that keeps the layers, where it is a registry's: later builds bring them from there, and pushes take them over. */
  readonly repository?: string;
  /**
   * The cache documents that are there, as bytes, the most wanted first; none where there is no cache yet. What they say is not believed before it is
   * verified, so a place need not look into them. Throws a `StrakeError` when the place cannot be asked or has something else: the build goes on with a warning.
   */
  read(signal: AbortSignal): Promise<readonly Buffer[]>;
  /** A layer that a document names, from its start. Whoever reads verifies digest and size, and stops when there are more bytes. Throws a `StrakeError` when it is not there. */
  open(descriptor: Descriptor, signal: AbortSignal): AsyncIterable<Buffer>;
  close?(): Promise<void>;
}

/**
 * A place that a cache is written to. First all layers are put, several at once, then the document is committed, once. Until then the place has the
 * cache that it had; when nothing is committed (a failure, a kill) it keeps that. Of two who write at the same time one wins, whole.
 */
export interface CacheWriter {
  /** For people: `local /caches/app`. No secret is in it. */
  readonly name: string;
  /** Takes a layer, unless it is there: then its bytes are never asked for. Nothing half-written is ever taken for a layer. */
  put(blob: CacheBlob, signal: AbortSignal): Promise<'done' | 'exists' | 'mounted'>;
  /** Puts a document, whose layers are there, in the place of the one before. `layers` are all that it names, each once. */
  commit(document: Buffer, layers: readonly Descriptor[], signal: AbortSignal): Promise<void>;
  close?(): Promise<void>;
}

/** One direction of a type. */
export interface CacheDirection<T> {
  /** The attributes that it takes besides those that all have; every other is refused, with the nearest of these. */
  readonly attributes: readonly string[];
  /** Reads the attributes; asks nobody and touches nothing. Throws USAGE, UNSUPPORTED, REFERENCE_INVALID before anything runs. */
  open(attributes: Readonly<Record<string, string>>, options: CachePlaceOptions): T;
}

/**
 * A kind of place outside the store: what `--cache-from type=…` and `--cache-to type=…` name. A place moves bytes and knows nothing of keys. It is
 * never given these, which all have: `type`; of `--cache-to` also `mode`, `compression`, `compression-level`, `force-compression`, `oci-mediatypes`,
 * `image-manifest`, `ignore-error`.
 */
export interface CachePlaceType {
  readonly type: string;
  readonly summary: string;
  /** Whether it is asked through the network: a build that is offline refuses it. */
  readonly network?: boolean;
  /** Absent where nothing can be read from. */
  readonly from?: CacheDirection<CacheReader>;
  /** Absent where nothing can be written to. */
  readonly to?: CacheDirection<CacheWriter>;
}
