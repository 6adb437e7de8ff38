import { lstatSync, mkdirSync, unlinkSync } from 'node:fs';
import { badArchive } from '../tar/decode-header';

const SLASH = Buffer.from('/');

/** The parts of an entry's path, cleaned; empty for the root itself. Throws IMAGE_INVALID when it leads out of the root. */
export function pathParts(path: Buffer): readonly Buffer[] {
  if (path.includes(0)) throw badArchive('a path holds a zero byte');
  const parts: Buffer[] = [];
  for (let at = 0; at <= path.length; ) {
    const slash = path.indexOf(0x2f, at);
    const end = slash < 0 ? path.length : slash;
    const part = path.subarray(at, end);
    if (part.equals(Buffer.from('..'))) throw badArchive(`the path ${JSON.stringify(path.toString())} leads out of the root`);
    if (part.length > 0 && !part.equals(Buffer.from('.'))) parts.push(part);
    at = end + 1;
  }
  return parts;
}

/** `root` and parts as one path. */
export function joinParts(root: Buffer, parts: readonly Buffer[]): Buffer {
  return Buffer.concat([root, ...parts.flatMap((part) => [SLASH, part])]);
}

/** Makes the parents of a path. Whatever is there and is no directory, a symbolic link above all, gives way: no link is ever followed. */
export function makeParents(root: Buffer, parts: readonly Buffer[]): void {
  for (let depth = 1; depth < parts.length; depth += 1) {
    const folder = joinParts(root, parts.slice(0, depth));
    const stat = lstatSync(folder, { throwIfNoEntry: false });
    if (stat?.isDirectory() === true) continue;
    if (stat !== undefined) unlinkSync(folder);
    mkdirSync(folder, { mode: 0o755 });
  }
}
