import { getXattr, listXattrs, makeNode, S_IFCHR, setTimes, setXattr } from '@strake/syscalls';
import { chmodSync, lchownSync, linkSync, lstatSync, mkdirSync, readdirSync, type BigIntStats } from 'node:fs';
import { withLayerErrors } from './layer-errors';
import { isLayerXattr, readLayerXattrs } from './layer-xattrs';
import { isWhiteout } from './whiteout';

const SLASH = Buffer.from('/');
const OPAQUE_MARK = 'trusted.overlay.opaque';

/** Where one difference of several is put. */
export interface SquashOptions {
  /** An empty directory on the same file system as the differences: files are linked, not copied. */
  readonly upper: string;
  /** The root of what the lowest difference stands on. */
  readonly below: string;
  /** Throws to stop. */
  readonly check?: () => void;
}

/**
 * Makes one overlay upper directory of several that lie on each other, top first: of each path what is seen in the end. What was made and
 * removed on the way is not in it, and a whiteout only where there is something below to hide. Synchronous. Throws DISK_FULL, PERMISSION.
 */
export function squashDifferences(differences: readonly string[], { upper, below, check = () => undefined }: SquashOptions): void {
  withLayerErrors(`squashing into ${upper}`, () => {
    const all = differences.map((folder) => Buffer.from(folder));
    const opaque = all.findIndex((folder) => readLayerXattrs(folder).opaque);
    if (opaque >= 0) setXattr(upper, OPAQUE_MARK, Buffer.from('y'));
    const counted = opaque < 0 ? all : all.slice(0, opaque + 1);
    new Squasher(check).folder(counted, { target: Buffer.from(upper), below: opaque < 0 ? Buffer.from(below) : undefined });
  });
}

/** A directory on its way: where it goes, and the same one below; undefined where there is none, or where it is hidden. */
interface Place {
  readonly target: Buffer;
  readonly below: Buffer | undefined;
}

class Squasher {
  readonly #check: () => void;

  constructor(check: () => void) {
    this.#check = check;
  }

  /** Fills a directory that is made from the same one in several differences, and gives it the attributes of the topmost. */
  folder(sources: readonly Buffer[], { target, below }: Place): void {
    this.#check();
    const names = new Map<string, Buffer>();
    for (const source of sources) for (const name of readdirSync(source, { encoding: 'buffer' })) names.set(name.toString('latin1'), name);
    for (const name of names.values()) this.#entry(sources, name, { target, below });
    const [top] = sources;
    if (top !== undefined) copyAttributes(top, target);
  }

  #entry(sources: readonly Buffer[], name: Buffer, place: Place): void {
    const target = child(place.target, name);
    const below = place.below && child(place.below, name);
    const lower = below && statOf(below);
    const found = sources.flatMap((source) => {
      const path = child(source, name);
      const stat = statOf(path);
      return stat === undefined ? [] : [{ path, stat }];
    });
    const [top] = found;
    if (top === undefined) return;
    if (isGone(top.stat)) {
      if (lower !== undefined) makeNode(target, S_IFCHR, 0, 0);
    } else if (!top.stat.isDirectory()) linkSync(top.path, target);
    else this.#directory(found, { target, below: lower?.isDirectory() === true ? below : undefined });
  }

  /** Differences count down to the first that replaced what was there. */
  #directory(found: readonly { readonly path: Buffer; readonly stat: BigIntStats }[], { target, below }: Place): void {
    const merged: Buffer[] = [];
    let hides = false;
    for (const { path, stat } of found) {
      hides = !stat.isDirectory();
      if (hides) break;
      merged.push(path);
      hides = readLayerXattrs(path).opaque;
      if (hides) break;
    }
    mkdirSync(target, { mode: 0o700 });
    if (hides && below !== undefined) setXattr(target, OPAQUE_MARK, Buffer.from('y'));
    this.folder(merged, { target, below: hides ? undefined : below });
  }
}

function isGone(stat: BigIntStats): boolean {
  return isWhiteout({ isCharacterDevice: () => stat.isCharacterDevice(), rdev: Number(stat.rdev) });
}

function statOf(path: Buffer): BigIntStats | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false });
}

function child(folder: Buffer, name: Buffer): Buffer {
  return Buffer.concat([folder, SLASH, name]);
}

/** A change of owner clears setgid, and what is put into a directory changes its time: so owner, mode, attributes, time, at the end. */
function copyAttributes(from: Buffer, to: Buffer): void {
  const stat = lstatSync(from, { bigint: true });
  lchownSync(to, Number(stat.uid), Number(stat.gid));
  chmodSync(to, Number(stat.mode) & 0o7777);
  for (const name of listXattrs(from).filter(isLayerXattr)) setXattr(to, name, getXattr(from, name) ?? Buffer.alloc(0));
  setTimes(to, stat.mtimeNs);
}
