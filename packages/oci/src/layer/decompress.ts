import { OperatorError } from '@strake/api';
import { PassThrough, pipeline, type Duplex, type Readable } from 'node:stream';
import * as zlib from 'node:zlib';

/** How bytes are compressed. */
export type Compression = 'none' | 'gzip' | 'zstd';

/** What a layer's media type says, OCI's or Docker's. */
export function compressionOf(mediaType: string): Compression {
  if (/[+.]gzip$/.test(mediaType)) return 'gzip';
  return /[+.]zstd$/.test(mediaType) ? 'zstd' : 'none';
}

/** What the first bytes of a file say (RFC 1952; RFC 8878). */
export function sniffCompression(start: Buffer): Compression {
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip';
  return start.length >= 4 && start.readUInt32LE(0) === 0xfd2fb528 ? 'zstd' : 'none';
}

/** The plain bytes of a stream, which fails when that fails and ends it when it is closed. Throws UNSUPPORTED for zstd where Node has none. */
export function decompress(source: Readable, compression: Compression): Readable {
  if (compression === 'none') return source;
  const stream = decompressor(compression);
  pipeline(source, stream, () => undefined);
  return stream;
}

/** A transformer to plain bytes. Throws UNSUPPORTED for zstd where Node has none. */
export function decompressor(compression: Compression): Duplex {
  if (compression === 'none') return new PassThrough();
  if (compression === 'gzip') return zlib.createGunzip({ chunkSize: 1 << 18 });
  const { createZstdDecompress } = zlib as { readonly createZstdDecompress?: () => Duplex };
  if (createZstdDecompress !== undefined) return createZstdDecompress();
  throw new OperatorError('UNSUPPORTED', 'this Node.js cannot read zstd', { hint: 'Use Node.js 22.15 or newer, or an image with gzip layers.' });
}
