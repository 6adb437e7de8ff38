import type { Digest } from '@strake/api';
import type { TakenFile } from '@strake/context';
import { encodeHeader, TarReader, type TarHeader } from '@strake/oci';
import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { posix } from 'node:path';
import type { Readable } from 'node:stream';
import { copyTar, type CopyChange, type PlacedGroup } from './copy-tar';

/** A layer in a file of this machine. */
export interface LayerFile {
  readonly path: string;
  readonly diffId: Digest;
  /** Bytes. */
  readonly size: number;
}

/** Reads a path of the tree that a layer goes on, as a tar; undefined where nothing is. */
export type ReadTree = (path: string) => Promise<Readable | undefined>;

/**
 * The directories that a layer has to repeat, because it puts something in them, as they are below; undefined where the copy cannot be told
 * without looking at more: where something stands in its way, or goes among what is there. `isEmpty`: nothing at all is there.
 */
export async function repeatedDirectories(groups: readonly PlacedGroup[], read: ReadTree, isEmpty: boolean): Promise<readonly TarHeader[] | undefined> {
  const made = new Set(groups.flatMap((group) => group.made.map(({ path }) => path)));
  const repeated = new Map<string, TarHeader>();
  const placed = new Set<string>();
  for (const group of groups) {
    if (group.kept.size > 0 || group.files.some((file) => isTwice(placeOf(file, group), placed))) return undefined;
    const isFolder = group.files[0]?.fromDirectory === true;
    const folder = isFolder ? group.target : posix.dirname(group.target);
    for (const path of lineage(folder).filter((one) => !made.has(one) && !repeated.has(one))) {
      const tar = await read(path);
      const found = tar === undefined ? undefined : await lookInto(tar, isFolder && path === folder);
      if (found?.type !== 'directory') return undefined;
      repeated.set(path, { ...found, path: Buffer.from(path.slice(1)) });
    }
    if (!isEmpty && isFolder && (folder === '' || folder === '/')) return undefined;
  }
  return [...repeated.values()];
}

/** Engines refuse layers that have a path twice. */
function isTwice(place: string, placed: Set<string>): boolean {
  if (placed.has(place)) return true;
  placed.add(place);
  return false;
}

const placeOf = ({ fromDirectory, path }: TakenFile, { target }: PlacedGroup): string => (fromDirectory && path !== '' ? `${target}/${path}` : target);

/** `/a`, `/a/b`, and so on to the path. */
function lineage(path: string): readonly string[] {
  const names = path.split('/').filter((name) => name !== '');
  return names.map((_, at) => `/${names.slice(0, at + 1).join('/')}`);
}

/** The first entry of a tar; undefined when there must not be more, and is. */
async function lookInto(tar: Readable, alone: boolean): Promise<TarHeader | undefined> {
  const entries: TarHeader[] = [];
  const reader = new TarReader({ entry: (header) => void entries.push(header), content: () => undefined, end: () => undefined });
  try {
    for await (const chunk of tar) {
      reader.write(chunk as Buffer);
      if (entries.length > (alone ? 1 : 0)) break;
    }
  } finally {
    tar.destroy();
  }
  return alone && entries.length > 1 ? undefined : entries[0];
}

/** Writes the layer of a copy to a file. */
export function writeLayer(path: string, repeated: readonly TarHeader[], groups: readonly PlacedGroup[], change: CopyChange): LayerFile {
  return fileOfLayer(path, layerTar(repeated, groups, change));
}

/** Writes a layer to a file that is not there yet. */
export function fileOfLayer(path: string, tar: Iterable<Buffer>): LayerFile {
  const hash = createHash('sha256');
  const file = openSync(path, 'wx', 0o600);
  let size = 0;
  try {
    for (const piece of tar) {
      hash.update(piece);
      for (let done = 0; done < piece.length; ) done += writeSync(file, piece, done);
      size += piece.length;
    }
  } finally {
    closeSync(file);
  }
  return { path, diffId: `sha256:${hash.digest('hex')}`, size };
}

function* layerTar(repeated: readonly TarHeader[], groups: readonly PlacedGroup[], change: CopyChange): Generator<Buffer, void, undefined> {
  for (const header of repeated) yield encodeHeader(header);
  yield* copyTar(groups, change);
}
