import type { CachePlaceType } from '@strake/api';
import { GhaReader } from './gha-reader';
import { GhaWriter } from './gha-writer';
import { readSettings } from './settings';

/** What the type is made with. */
export interface GhaCacheOptions {
  /** Milliseconds between tries are waited by this; tests wait less. */
  readonly wait?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
}

const SHARED_ATTRIBUTES = ['url', 'url_v2', 'token', 'scope', 'timeout', 'version'] as const;

/** `type=gha`: a cache in the cache service of GitHub Actions. */
export function ghaCache(options: GhaCacheOptions = {}): CachePlaceType {
  return {
    type: 'gha',
    summary: 'the cache service of GitHub Actions',
    network: true,
    from: {
      attributes: SHARED_ATTRIBUTES,
      open: (attributes, { env }) => new GhaReader(readSettings({ option: '--cache-from', attributes }, env), { env, ...options }),
    },
    to: {
      attributes: [...SHARED_ATTRIBUTES, 'repository', 'ghtoken'],
      open: (attributes, { env }) => new GhaWriter(readSettings({ option: '--cache-to', attributes }, env), { env, ...options }),
    },
  };
}
