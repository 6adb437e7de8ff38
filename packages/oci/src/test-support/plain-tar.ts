import { encodeHeader, type TarHeader } from '..';

/** One entry of a test's tar: a file with content, or anything that a header can say. */
export type PlainEntry = readonly [path: string, content: string | Buffer | Partial<TarHeader>];

/** A tar of a few entries, to make archives that no exporter would write. */
export function plainTar(entries: readonly PlainEntry[]): Buffer {
  const blocks = entries.flatMap(([path, content]) => {
    const base: TarHeader = { path: Buffer.from(path), type: 'file', mode: 0o644, uid: 0, gid: 0, size: 0, mtime: 0n };
    if (typeof content !== 'string' && !Buffer.isBuffer(content)) return [encodeHeader({ ...base, ...content })];
    const bytes = Buffer.from(content);
    return [encodeHeader({ ...base, size: bytes.length }), bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}
