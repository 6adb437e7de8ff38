import { closeSync, openSync, readSync } from 'node:fs';
import { DockerfileError } from '@strake/api';
import { pathBytes, type SentEntry } from '@strake/context';
import { encodeHeader, type TarType } from '@strake/oci';

/** A file that is sent beside the context. */
export interface AddedFile {
  readonly name: string;
  readonly text: string;
}

const TYPES: Readonly<Record<string, TarType>> = { 0: 'file', 1: 'link', 2: 'symlink', 3: 'character', 4: 'block', 5: 'directory', 6: 'fifo' };
const ZEROS = Buffer.alloc(512);

/** A context as a tar, entry by entry as a client of Docker sends it, and files that are not of it. */
export function* contextTar(entries: Iterable<SentEntry> | undefined, added: readonly AddedFile[]): Generator<Buffer, void, undefined> {
  for (const entry of entries ?? []) yield* entryOf(entry);
  for (const { name, text } of added) {
    const content = Buffer.from(text);
    yield encodeHeader({ path: Buffer.from(name), type: 'file', mode: 0o600, uid: 0, gid: 0, size: content.length, mtime: 0n });
    yield* padded(content);
  }
  yield Buffer.alloc(1024);
}

function* entryOf({ header, path, seconds }: SentEntry): Generator<Buffer, void, undefined> {
  const { name, mode, size, typeflag, linkname, devmajor, devminor, capability } = header;
  const type = TYPES[typeflag] ?? 'file';
  yield encodeHeader({
    path: pathBytes(type === 'directory' ? name.slice(0, -1) : name), type, mode, size, uid: 0, gid: 0, mtime: BigInt(seconds) * 1_000_000_000n,
    ...(linkname === '' ? {} : { target: pathBytes(linkname) }),
    ...(type === 'character' || type === 'block' ? { major: devmajor, minor: devminor } : {}),
    ...(capability === undefined ? {} : { xattrs: [['security.capability', capability] as const] }),
  });
  if (type === 'file' && size > 0) yield* contentOf(path, size, name);
}

/** Exactly as many bytes as the header says. Throws CONTEXT_INVALID for a file that became shorter. */
function* contentOf(path: string | Buffer, size: number, name: string): Generator<Buffer, void, undefined> {
  const descriptor = openSync(path, 'r');
  try {
    for (let left = size; left > 0; ) {
      const piece = Buffer.allocUnsafe(Math.min(left, 1 << 18));
      const length = readSync(descriptor, piece, 0, piece.length, null);
      if (length === 0) throw new DockerfileError('CONTEXT_INVALID', `"${name}" changed while it was sent`, { hint: 'build again when nothing writes to the build context' });
      left -= length;
      yield piece.subarray(0, length);
    }
    if (size % 512 !== 0) yield ZEROS.subarray(size % 512);
  } finally {
    closeSync(descriptor);
  }
}

function* padded(content: Buffer): Generator<Buffer, void, undefined> {
  yield content;
  if (content.length % 512 !== 0) yield ZEROS.subarray(content.length % 512);
}
