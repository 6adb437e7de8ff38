import { encodeHeader } from '@strake/oci';

/** A file of an archive, with its header and what fills its last block. */
export function archiveFile(name: string, content: Buffer): readonly Buffer[] {
  return [archiveHeader(name, content.length), content, archivePadding(content.length)];
}

/** `size` in bytes. */
export const archiveHeader = (name: string, size: number): Buffer => encodeHeader({ path: Buffer.from(name), type: 'file', mode: 0o644, uid: 0, gid: 0, size, mtime: 0n });

/** What fills the last block of a file. */
export const archivePadding = (size: number): Buffer => Buffer.alloc((512 - (size % 512)) % 512);

/** What ends an archive. */
export const ARCHIVE_END = Buffer.alloc(1024);
