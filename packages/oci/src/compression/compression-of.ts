/** How bytes are compressed, as far as strake reads it. */
export type Compression = 'none' | 'gzip' | 'bzip2' | 'xz' | 'zstd';

/** As many bytes as are needed to tell. */
export const MAGIC_BYTES = 6;

const MAGIC: readonly (readonly [Exclude<Compression, 'none'>, RegExp])[] = [
  ['gzip', /^1f8b08/],
  ['bzip2', /^425a68/],
  ['xz', /^fd377a585a00/],
  // The second form is a skippable frame, which may come first (RFC 8878, 3.1.2).
  ['zstd', /^(?:28b52ffd|5[0-9a-f]2a4d18)/],
];

/** Tells the compression by the first bytes; media types and file names lie. */
export function compressionOf(head: Uint8Array): Compression {
  const hex = Buffer.from(head.subarray(0, MAGIC_BYTES)).toString('hex');
  return MAGIC.find(([, magic]) => magic.test(hex))?.[0] ?? 'none';
}
