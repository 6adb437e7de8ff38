export { CACHE_TYPE, CACHE_VERSION, encodeCacheDocument, type CacheDocument, type CachedLayer, type CachedRecord, type CachedState } from './cache-document';
export { cacheManifest, type CacheManifest } from './cache-manifest';
export { findCacheDocuments, type ReadBlob } from './find-cache-documents';
export { INLINE_CACHE_FIELD, inlineCache, type InlineRecord } from './inline-cache';
export { parseCacheDocument } from './parse-cache-document';
