import { badArchive } from '../tar/decode-header';

const SLASH = Buffer.from('/');
const DOT = Buffer.from('.');
const DOTS = Buffer.from('..');

/** The parts of an entry's path, cleaned; empty for the root itself. Throws IMAGE_INVALID when it leads out of the root. */
export function pathParts(path: Buffer): readonly Buffer[] {
  if (path.includes(0)) throw badArchive('a path holds a zero byte');
  const parts: Buffer[] = [];
  for (let at = 0; at <= path.length; ) {
    const slash = path.indexOf(0x2f, at);
    const end = slash < 0 ? path.length : slash;
    const part = path.subarray(at, end);
    if (part.equals(DOTS)) throw badArchive(`the path ${JSON.stringify(path.toString())} leads out of the root`);
    if (part.length > 0 && !part.equals(DOT)) parts.push(part);
    at = end + 1;
  }
  return parts;
}

/** `root` and parts as one path. */
export function joinParts(root: Buffer, parts: readonly Buffer[]): Buffer {
  return Buffer.concat([root, ...parts.flatMap((part) => [SLASH, part])]);
}
