import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';

type MakeUnzstd = (options: { readonly chunkSize: number }) => Transform;

/** Node's own zstd decompressor; undefined before Node 22.15, which has none. */
export function nativeUnzstd(chunkSize: number): Transform | undefined {
  const make = (zlib as { readonly createZstdDecompress?: MakeUnzstd }).createZstdDecompress;
  return make?.({ chunkSize });
}
