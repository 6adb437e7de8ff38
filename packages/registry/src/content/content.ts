import type { Descriptor } from '@strake/api';
import type { FetchedManifest } from '../repository/read-manifest';

/** Called as often as bytes come. */
export type CountBytes = (current: number) => void;

/** Where images come from: a registry, a store, a layout. */
export interface ContentSource {
  /** What was asked for: a manifest or an index. */
  root(): Promise<FetchedManifest>;
  /** A manifest that an index names, verified. */
  manifest(descriptor: Descriptor): Promise<FetchedManifest>;
  /** Whether what `open` gives is verified while it comes; else whoever reads it verifies it. */
  readonly verifies: boolean;
  /** A blob from its start, each time anew. */
  open(descriptor: Descriptor, count: CountBytes): AsyncIterable<Buffer>;
  /** A small blob as a whole, verified. */
  read(descriptor: Descriptor): Promise<Buffer>;
  /** Repositories (`docker.io/library/debian`) that have a blob. */
  origins(descriptor: Descriptor): readonly string[];
  /** Nothing more will be asked. */
  close(): void;
}

/** How a blob came to be at its target. */
export interface PutOutcome {
  readonly state: 'done' | 'exists' | 'mounted';
  /** The repository that it was mounted from, without its host. */
  readonly from?: string;
}

/** Where images go. Blobs come first, then manifests, the root last. */
export interface ContentTarget {
  /** Takes a blob, verified, unless it is there. */
  put(descriptor: Descriptor, source: ContentSource, count: CountBytes): Promise<PutOutcome>;
  /** Takes a manifest whose blobs (of an index: whose chosen manifests) are there. */
  putManifest(manifest: FetchedManifest, isRoot: boolean): Promise<void>;
  /** All is there; `failed`: it will not be. */
  end(failed: boolean): Promise<void>;
}
