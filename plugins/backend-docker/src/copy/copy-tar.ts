import { pathBytes, type TakenFile } from '@strake/context';
import { encodeHeader, type Ids, type TarHeader } from '@strake/oci';
import { applyMode } from '@strake/api';
import type { CopyReader } from './copy-reader';

/** A directory that a copy makes on the way, with the time of the build. */
export interface MadeDirectory extends Ids {
  /** Absolute, without links. */
  readonly path: string;
  readonly mode: number;
}

/** The things of one source, and where they go. */
export interface PlacedGroup {
  readonly files: readonly TakenFile[];
  /** Where its first thing goes: absolute, without links. */
  readonly target: string;
  /** Whether the directory at the target is made by this copy. */
  readonly isNew: boolean;
  readonly made: readonly MadeDirectory[];
  readonly reader: CopyReader;
  /** Directories that stay as they are where they are there already: relative to the target. */
  readonly kept: ReadonlySet<string>;
}

/** How things are changed on the way. */
export interface CopyChange {
  /** `--chown`, looked up. */
  readonly owner: Ids | undefined;
  readonly chmod: string | undefined;
  /** Called for each thing before it is written; throws to end it. */
  readonly progress: (file: TakenFile) => void;
}

const BLOCK = 512;
/** Small things are sent together. */
const PIECE = 1 << 18;

/** The tar of a copy, relative to the root, in the order of writing. */
export function* copyTar(groups: readonly PlacedGroup[], change: CopyChange): Generator<Buffer, void, undefined> {
  const queue: Buffer[] = [];
  let queued = 0;
  for (const group of groups) {
    for (const piece of groupTar(group, change)) {
      queue.push(Buffer.from(piece));
      queued += piece.length;
      if (queued < PIECE) continue;
      yield Buffer.concat(queue.splice(0));
      queued = 0;
    }
  }
  yield Buffer.concat([...queue, Buffer.alloc(2 * BLOCK)]);
}

function* groupTar({ files, target, isNew, made, reader, kept }: PlacedGroup, change: CopyChange): Generator<Buffer, void, undefined> {
  const [first] = files;
  // Engines take no path twice in a layer.
  const comes = (path: string): boolean => isNew && path === target && first?.fromDirectory === true && first.path === '';
  for (const { path, mode, uid, gid } of made.filter((one) => !comes(one.path))) yield encodeHeader({ path: relative(path), type: 'directory', mode, uid, gid, size: 0, mtime: now() });
  const links = new Map<string, Buffer>();
  const modes = new Map<string, number>();
  for (const file of files) {
    change.progress(file);
    const place = file.fromDirectory && file.path !== '' ? `${target}/${file.path}` : target;
    const isTop = file.fromDirectory && file.path === '';
    // The destination directory keeps its own mode and owner; a new one has them already.
    if ((isTop && !isNew) || relative(place).length === 0 || kept.has(file.path)) continue;
    const details = reader.details(file);
    const path = relative(place);
    const linked = details.links === undefined ? undefined : links.get(details.links);
    if (details.links !== undefined && linked === undefined) links.set(details.links, path);
    const owner = change.owner ?? (reader.keepOwner ? file : { uid: 0, gid: 0 });
    const top = isTop ? made.at(-1) : undefined;
    const { uid, gid, mode } = top ?? { uid: owner.uid, gid: owner.gid, mode: modeOf(file, change, modes) };
    const header: TarHeader = { path, type: details.type, mode, uid, gid, size: 0, mtime: wholeSecond(details.mtime), ...ofType(details) };
    if (linked !== undefined) {
      yield encodeHeader({ ...header, type: 'link', target: linked });
      continue;
    }
    if (details.type !== 'file') {
      yield encodeHeader(header);
      continue;
    }
    yield encodeHeader({ ...header, size: details.size });
    yield* reader.content(file, details.size);
    yield Buffer.alloc((BLOCK - (details.size % BLOCK)) % BLOCK);
  }
}

function ofType({ target, major, minor, xattrs }: Pick<TarHeader, 'target' | 'major' | 'minor' | 'xattrs'>): Partial<TarHeader> {
  return { ...(target === undefined ? {} : { target }), ...(major === undefined ? {} : { major }), ...(minor === undefined ? {} : { minor }), ...(xattrs === undefined ? {} : { xattrs }) };
}

function modeOf({ mode, type }: TakenFile, { chmod }: CopyChange, known: Map<string, number>): number {
  if (chmod === undefined || type === 'symlink') return mode;
  const key = `${type === 'directory' ? 'd' : 'f'}${mode}`;
  const changed = known.get(key) ?? applyMode(chmod, mode, type === 'directory');
  known.set(key, changed);
  return changed;
}

const relative = (path: string): Buffer => pathBytes(path.replace(/^\/+/, ''));

const SECOND = 1_000_000_000n;

/** An engine's layers have whole seconds. A fraction needs a header of its own, which makes an engine take twice as long for each file. */
const wholeSecond = (time: bigint): bigint => time - (((time % SECOND) + SECOND) % SECOND);

/** Nanoseconds. */
const now = (): bigint => wholeSecond(BigInt(Date.now()) * 1_000_000n);
