export { readCacheExport, type CacheExportOptions, COMMON_ATTRIBUTES } from './cache-export-options';
export { RemoteCache, type CacheTarget, type RemoteCacheParts, type RemoteSession } from './remote-cache';
