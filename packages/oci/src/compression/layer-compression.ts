import type { ByteSource } from './decompressed';
import { gzipped } from './gzipped';
import { zstdCompressed } from './zstd';

/** A way of compressing; `level` is 0 to 9 for gzip, 1 to 22 for zstd. */
export interface Compressor {
  readonly kind: 'gzip' | 'zstd';
  readonly level: number;
}

/** How layers are to be compressed. */
export type LayerCompression = { readonly kind: 'none' } | Compressor;

/**
 * The levels that are taken where none is given. gzip: zlib's 4 makes layers of program text one part in a hundred smaller than
 * skopeo and docker do (their compressor's levels are other ones), in two thirds of the time of 6, which makes them 4 in a hundred smaller. zstd: the program's.
 */
export const DEFAULT_LEVELS = { gzip: 4, zstd: 3 } as const;

/** Counts up when a compressor of ours gives other bytes for the same input: what the store remembers of the old one is made again. */
const COMPRESSOR = 3;

/** The same compression gives the same name. */
export function compressionName({ kind, level }: Compressor): string {
  return `${kind}-${level}.${COMPRESSOR}`;
}

/** Compresses bytes. Throws UNSUPPORTED. */
export function compressed(source: ByteSource, { kind, level }: Compressor): AsyncGenerator<Buffer, void, undefined> {
  return kind === 'gzip' ? gzipped(source, level) : zstdCompressed(source, level);
}
