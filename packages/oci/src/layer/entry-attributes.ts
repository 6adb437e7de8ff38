import { setTimes, setXattr } from '@strake/syscalls';
import { chmodSync, lchownSync } from 'node:fs';
import { badArchive } from '../tar/decode-header';
import type { TarHeader } from '../tar/tar-entry';
import { isLayerXattr } from './layer-xattrs';

/** Gives a path its entry's owner, then mode (a change of owner clears setuid) and attributes (which it also clears), then times. Without `owners` it belongs to this process. */
export function setAttributes(path: Buffer, header: TarHeader, owners: boolean): void {
  if (owners) lchownSync(path, header.uid, header.gid);
  if (header.type !== 'symlink') chmodSync(path, header.mode);
  for (const [name, value] of header.xattrs ?? []) {
    if (!isLayerXattr(name)) continue;
    if (header.type !== 'file' && header.type !== 'directory') throw badArchive(`${header.path.toString()} is a ${header.type} and cannot have the attribute ${name}`);
    setXattr(path, name, value);
  }
  setTimes(path, header.mtime);
}
