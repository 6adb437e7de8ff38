import { chmodSync, linkSync, lchownSync, lstatSync, mkdirSync, readdirSync, type BigIntStats } from 'node:fs';
import { makeNode, S_IFCHR, setTimes, setXattr } from '@strake/syscalls';
import { withLayerErrors } from './layer-errors';
import { readLayerXattrs } from './layer-xattrs';
import { isWhiteout } from './whiteout';

/** What snapshots have at one path. */
interface Found {
  /** The directories, top first, or the one file. */
  readonly places: readonly Buffer[];
  readonly isDirectory: boolean;
  /** What lies below the lowest of them is not to be seen. */
  readonly hides: boolean;
}

const SLASH = Buffer.from('/');
const join = (folder: Buffer, name: Buffer): Buffer => Buffer.concat([folder, SLASH, name]);
const statOf = (path: Buffer): BigIntStats | undefined => lstatSync(path, { bigint: true, throwIfNoEntry: false });

/**
 * Makes one overlay difference of several: `sources` are upper directories, top first; `target` is an empty directory of the same file
 * system; `base` is the tree below them, where there is one, to tell which removals still mean something. Files become links to those of the
 * sources, which must never be written to again. Throws DISK_FULL, PERMISSION.
 */
export function mergeDifferences(sources: readonly string[], target: string, base?: string): void {
  withLayerErrors(`merging into ${target}`, () => {
    const places = sources.map((source) => Buffer.from(source));
    const root: Found = { places, isDirectory: true, hides: false };
    mergeDirectory(root, Buffer.from(target), base === undefined ? undefined : Buffer.from(base));
  });
}

/** `below` is the base's directory of the same path; undefined where it has none that is still to be seen. */
function mergeDirectory({ places }: Found, target: Buffer, below: Buffer | undefined): void {
  const names = new Map(places.flatMap((place) => readdirSync(place, { encoding: 'buffer' })).map((name) => [name.toString('latin1'), name]));
  for (const name of names.values()) mergeName(look(places.map((place) => join(place, name))), join(target, name), below === undefined ? undefined : join(below, name));
  const [top] = places;
  if (top !== undefined) dress(target, top);
}

function mergeName(found: Found, target: Buffer, below: Buffer | undefined): void {
  const there = below === undefined ? undefined : statOf(below);
  const [top] = found.places;
  if (top === undefined) {
    if (there !== undefined) makeNode(target, S_IFCHR);
    return;
  }
  if (!found.isDirectory) {
    linkSync(top, target);
    return;
  }
  mkdirSync(target);
  const merges = there?.isDirectory() === true;
  if (merges && found.hides) setXattr(target, 'trusted.overlay.opaque', Buffer.from('y'));
  mergeDirectory(found, target, merges && !found.hides ? below : undefined);
}

/** What is to be seen at a path of all sources, top first: directories merge until something else ends them. */
function look(paths: readonly Buffer[]): Found {
  const places: Buffer[] = [];
  for (const path of paths) {
    const stat = statOf(path);
    if (stat === undefined) continue;
    if (isWhiteout({ isCharacterDevice: () => stat.isCharacterDevice(), rdev: Number(stat.rdev) })) return { places, isDirectory: true, hides: true };
    if (!stat.isDirectory()) return places.length > 0 ? { places, isDirectory: true, hides: true } : { places: [path], isDirectory: false, hides: true };
    places.push(path);
    if (readLayerXattrs(path).opaque) return { places, isDirectory: true, hides: true };
  }
  return { places, isDirectory: true, hides: false };
}

/** Gives a directory owner, mode, attributes and time of another. */
function dress(target: Buffer, like: Buffer): void {
  const { uid, gid, mode, mtimeNs } = lstatSync(like, { bigint: true });
  lchownSync(target, Number(uid), Number(gid));
  chmodSync(target, Number(mode) & 0o7777);
  for (const [name, value] of readLayerXattrs(like).kept) setXattr(target, name, value);
  setTimes(target, mtimeNs);
}
