import type { Descriptor } from '@strake/api';
import { OperatorError } from '@strake/api';
import { digestOf } from '../digest';
import { makeManifest, type MadeManifest } from '../image/make-manifest';
import type { Manifest } from '../image/read-manifest';
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

/** Refuses a manifest whose config is no cache document; what BuildKit writes is called by its name. Throws UNSUPPORTED. */
export function requireCacheManifest({ config }: Manifest, shown: string): void {
  if (config.mediaType === CACHE_TYPE) return;
  if (config.mediaType === 'application/vnd.buildkit.cacheconfig.v0') throw foreignCache(shown, 'a cache of BuildKit');
  throw new OperatorError('UNSUPPORTED', `${shown} is no cache of strake but has the type ${JSON.stringify(config.mediaType.slice(0, 100))}`);
}

/** Says that another builder's cache is there, whose keys nobody else can know. */
export function foreignCache(shown: string, kind: string): OperatorError {
  return new OperatorError('UNSUPPORTED', `${shown} has ${kind}: its keys are those of another builder, and nothing in it can be found`, {
    hint: 'Write a cache of strake with --cache-to, under a name of its own.',
  });
}
