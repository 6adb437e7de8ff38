import type { Descriptor } from '@strake/api';
import { digestOf } from '../digest';
import { makeManifest, type MadeManifest } from '../image/make-manifest';
import { CACHE_TYPE } from './cache-document';

/** A manifest that holds a cache in registries and layouts, and the descriptor of its config, which is the document. */
export interface CacheManifest extends MadeManifest {
  readonly config: Descriptor;
}

/** Wraps a document into an image manifest: the document is its config, so that whoever keeps, copies or collects images does the same with caches. */
export function cacheManifest(document: Buffer, layers: readonly Descriptor[]): CacheManifest {
  const config = { mediaType: CACHE_TYPE, digest: digestOf(document), size: document.length };
  return { ...makeManifest(config, layers), config };
}
