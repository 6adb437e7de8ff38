/** An entry that is there. */
export interface FoundEntry {
  readonly key: string;
  /** Whoever has it may read: it is secret. */
  readonly url: URL;
}

/** An entry that is begun. Nobody sees it before it is finished. */
export interface ReservedEntry {
  /** Takes the bytes. */
  upload(content: AsyncIterable<Buffer>, size: number, signal: AbortSignal): Promise<void>;
  finish(size: number, signal: AbortSignal): Promise<void>;
}

/** One of the service's two interfaces. Entries never change. All throw CACHE_DENIED, CACHE_FAILED, CACHE_UNREACHABLE, CANCELLED. */
export interface CacheService {
  /** The newest entry whose key begins so, of the branch itself or one that it may read. */
  find(prefix: string, signal: AbortSignal): Promise<FoundEntry | undefined>;
  /** Begins an entry, unless its key is taken. */
  reserve(key: string, signal: AbortSignal): Promise<ReservedEntry | 'taken'>;
}
