import type { Vertex } from '@strake/api';
import type { BuildOptions } from '../build/build-options';

/** `--no-cache` and `--no-cache-filter`: why a vertex is not looked up. */
export function skipCache({ noCache, noCacheFilter = [] }: BuildOptions): (vertex: Pick<Vertex, 'note'>) => string | undefined {
  const stages = new Set(noCacheFilter.map((name) => name.toLowerCase()));
  return ({ note }) => {
    if (noCache) return 'asked for by --no-cache';
    return stages.has(note.stage.toLowerCase()) ? `asked for by --no-cache-filter ${note.stage}` : undefined;
  };
}
