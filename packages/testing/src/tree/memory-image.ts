import type { ContainerConfig, GraphResult, HistoryEntry, Image, Layer, Platform } from '@strake/api';
import { digestOf, makeImage, MEDIA_TYPES } from '@strake/oci';
import { Readable } from 'node:stream';
import { randomNumbers } from '../random-numbers';
import { treeOf, type Tree } from './tree-entry';
import { writeTar } from './write-tar';

/** A layer of a tree in memory, uncompressed. */
export function memoryLayer(changes: Tree, epoch = 0): Layer {
  const bytes = writeTar(changes, { epoch });
  const diffId = digestOf(bytes);
  return { descriptor: { mediaType: MEDIA_TYPES.layer, digest: diffId, size: bytes.length }, diffId, open: () => Readable.from([bytes]) };
}

/** What an image of a test is made of. */
export interface MemoryImageParts {
  readonly config?: ContainerConfig;
  readonly platform?: Platform;
  /** A layer each, lowest first: texts by path. */
  readonly layers?: readonly Readonly<Record<string, string>>[];
}

/** An image that exists in memory only: each digest is right, so `validate` has nothing to say of it. */
export function memoryImage({ config = {}, platform = { os: 'linux', architecture: 'amd64' }, layers = [] }: MemoryImageParts): Image {
  const made = layers.map((files) => memoryLayer(treeOf(files)));
  const history = made.map((_layer, at): HistoryEntry => ({ created_by: `layer ${at}` }));
  const { os, architecture, variant } = platform;
  const file: GraphResult['config'] = { os, architecture, ...(variant === undefined ? {} : { variant }), config };
  return makeImage({ config: file, history, layers: made });
}

/** An image of random files: the same for the same seed. One to five layers without `layers`. */
export function randomImage({ seed, layers }: { readonly seed: number; readonly layers?: number }): Image {
  const random = randomNumbers(seed);
  const names = ['bin/tool', 'etc/config', 'srv/data', 'a', 'b/c/d', 'ünïcödé'];
  const fill = (): Readonly<Record<string, string>> => Object.fromEntries([...Array(1 + random.below(4)).keys()].map(() => [random.pick(names), String(random.below(1e9)).repeat(random.below(200))]));
  return memoryImage({ config: { Env: ['PATH=/bin', `SEED=${seed}`] }, layers: [...Array(layers ?? 1 + random.below(5)).keys()].map(fill) });
}
