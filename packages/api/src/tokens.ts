/** A key of the injection container that remembers the type of what it stands for. */
export type Token<T> = symbol & { readonly __type?: T };

import type { Backend } from './backend';
import type { CacheStrategy } from './cache';
import type { CachePlaceType } from './cache-place';
import type { Exporter } from './exporter';
import type { SourceProvider } from './source';

/** The backend that builds. */
export const BACKEND: Token<Backend> = Symbol.for('strake.backend');
/** What decides which steps are reused. */
export const CACHE_STRATEGY: Token<CacheStrategy> = Symbol.for('strake.cache-strategy');
/** Who brings sources, in the order of being asked. */
export const SOURCES: Token<readonly SourceProvider[]> = Symbol.for('strake.sources');
/** Who writes results, by `type`; the first of a type is taken. */
export const EXPORTERS: Token<readonly Exporter[]> = Symbol.for('strake.exporters');
/** Kinds of places for caches outside the store, by `type`; the first of a type is taken. */
export const CACHE_PLACES: Token<readonly CachePlaceType[]> = Symbol.for('strake.cache-places');
