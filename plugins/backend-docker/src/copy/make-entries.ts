import { posix } from 'node:path';
import type { ApplyOptions, MkdirOp, MkfileOp } from '@strake/api';
import { encodeHeader, findOwner, type Ids } from '@strake/oci';
import { conflict } from './conflict';
import type { MadeDirectory } from './copy-tar';
import type { FileTarget } from './file-target';
import { missingDirectories } from './place-copy';
import { unknownName } from './unknown-name';

/** Makes a directory with its parents. One that exists stays as it is. */
export async function applyMkdir({ path, mode, owner }: MkdirOp, target: FileTarget, options: ApplyOptions): Promise<void> {
  const ids = await idsOf(owner, target, options);
  const made = await missingDirectories(path, target.files, { mode: mode & 0o777, ...ids, shown: path });
  if (made.length > 0) await target.put(Buffer.concat([...made.map(directory), END]), { replace: false, signal: options.signal });
}

/** Writes a file, and the parents that it lacks, all with the same owner; never through a link. */
export async function applyMkfile({ path, name, content, mode, owner, parentMode = 0o755 }: MkfileOp, target: FileTarget, options: ApplyOptions): Promise<void> {
  const { files } = target;
  const ids = await idsOf(owner, target, options);
  const place = await files.resolve(path);
  const at = name !== undefined && (await files.kind(place)) === 'directory' ? posix.join(place, name) : place;
  const made = await missingDirectories(posix.dirname(at), files, { mode: parentMode, ...ids, shown: path });
  if ((await files.kind(at)) === 'directory') throw conflict(`cannot replace to directory ${path} with file`);
  const bytes = Buffer.from(content);
  const header = encodeHeader({ path: Buffer.from(at.slice(1)), type: 'file', mode: mode & 0o7777, ...ids, size: bytes.length, mtime: BigInt(Date.now()) * 1_000_000n });
  await target.put(Buffer.concat([...made.map(directory), header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512), END]), { replace: false, signal: options.signal });
}

const END = Buffer.alloc(1024);

function directory({ path, mode, uid, gid }: MadeDirectory): Buffer {
  return encodeHeader({ path: Buffer.from(path.slice(1)), type: 'directory', mode, uid, gid, size: 0, mtime: BigInt(Date.now()) * 1_000_000n });
}

async function idsOf(owner: string | undefined, target: FileTarget, options: ApplyOptions): Promise<Ids> {
  return owner === undefined ? { uid: 0, gid: 0 } : findOwner(await target.files.accounts(), owner, unknownName(target, options));
}
