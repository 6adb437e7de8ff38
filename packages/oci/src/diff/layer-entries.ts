import type { Layer } from '@strake/api';
import { createHash, type Hash } from 'node:crypto';
import { decompressed } from '../compression/decompressed';
import type { TarHeader } from '../tar/tar-entry';
import { TarReader } from '../tar/tar-reader';

/** What a layer says of one path, field by field, as text. */
export type EntryFacts = Readonly<Record<string, string>>;

/** Reads every entry of a layer: its header and the digest of its content, by path. Throws IMAGE_INVALID, STORE_INVALID. */
export async function layerEntries(layer: Layer): Promise<ReadonlyMap<string, EntryFacts>> {
  const entries = new Map<string, EntryFacts>();
  let current: { readonly header: TarHeader; readonly hash: Hash } | undefined;
  const reader = new TarReader({
    entry: (header) => void (current = { header, hash: createHash('sha256') }),
    content: (chunk) => void current?.hash.update(chunk),
    end: () => {
      if (current !== undefined) entries.set(current.header.path.toString().replace(/^\.\/|\/$/g, ''), factsOf(current.header, current.hash));
      current = undefined;
    },
  });
  for await (const chunk of decompressed(layer.open() as AsyncIterable<Buffer>, `the layer ${layer.descriptor.digest}`)) reader.write(chunk);
  reader.end();
  return entries;
}

function factsOf(header: TarHeader, hash: Hash): EntryFacts {
  const { type, mode, uid, gid, mtime, size, target, major, minor, xattrs = [] } = header;
  return {
    type,
    mode: mode.toString(8).padStart(4, '0'),
    owner: `${uid}:${gid}`,
    mtime: timeText(mtime),
    ...(type === 'file' ? { size: String(size), content: `sha256:${hash.digest('hex')}` } : {}),
    ...(target === undefined ? {} : { target: target.toString() }),
    ...(type === 'character' || type === 'block' ? { device: `${major ?? 0}:${minor ?? 0}` } : {}),
    ...Object.fromEntries(xattrs.map(([name, value]) => [`xattr ${name}`, value.toString('hex')])),
  };
}

/** RFC 3339 with nanoseconds where there are any. */
function timeText(mtime: bigint): string {
  const seconds = mtime / 1_000_000_000n;
  const rest = mtime % 1_000_000_000n;
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime()) || rest < 0n) return `${mtime} ns`;
  return date.toISOString().replace('.000Z', rest === 0n ? 'Z' : `.${String(rest).padStart(9, '0').replace(/0+$/, '')}Z`);
}
