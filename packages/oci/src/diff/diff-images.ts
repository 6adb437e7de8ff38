import type { Image, Layer } from '@strake/api';
import { diffValues } from './diff-values';
import { layerEntries, type EntryFacts } from './layer-entries';

/** Something in which two images differ. */
export interface ImageDifference {
  /** `config`, `history 2`, or `layer 0`; counted from the lowest. */
  readonly where: string;
  /** Of a layer: the path of the entry, relative to the root; absent when it is about the whole layer. */
  readonly path?: string;
  /** `mode`, `content`, `config.Env[0]`, …; `entry` where only one of them has the path. */
  readonly field: string;
  /** Undefined where the first image has none. */
  readonly a?: string;
  readonly b?: string;
}

/**
 * Says in which fields of config and history, and in which entries and header fields of which layers, two images differ. Compression does not
 * count: layers are compared by what is in them. Equal layers are not read. Throws IMAGE_INVALID, STORE_INVALID.
 */
export async function diffImages(a: Image, b: Image): Promise<readonly ImageDifference[]> {
  const differences = [...diffConfigs(a, b), ...diffHistories(a, b)];
  for (let at = 0; at < Math.max(a.layers.length, b.layers.length); at += 1) {
    differences.push(...(await diffLayers(`layer ${at}`, a.layers[at], b.layers[at])));
  }
  return differences;
}

function diffConfigs(a: Image, b: Image): readonly ImageDifference[] {
  // History has a place of its own, and what rootfs says is seen in the layers.
  const plain = ({ config }: Image): unknown => ({ ...config, history: undefined, rootfs: undefined });
  return diffValues(plain(a), plain(b)).map((one) => difference('config', one));
}

function diffHistories({ config: { history: a } }: Image, { config: { history: b } }: Image): readonly ImageDifference[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, at) => diffValues(a[at] ?? {}, b[at] ?? {}).map((one) => difference(`history ${at}`, one))).flat();
}

async function diffLayers(where: string, a: Layer | undefined, b: Layer | undefined): Promise<readonly ImageDifference[]> {
  if (a?.diffId === b?.diffId) return [];
  if (a === undefined || b === undefined) return [difference(where, { field: 'DiffID', a: a?.diffId, b: b?.diffId })];
  const [left, right] = [await layerEntries(a), await layerEntries(b)];
  const paths = [...new Set([...left.keys(), ...right.keys()])].sort();
  const found = paths.flatMap((path) => diffEntries(left.get(path), right.get(path)).map((one) => ({ ...difference(where, one), path })));
  const orders = [left, right].map((entries) => [...entries.keys()].join('\n'));
  if (found.length > 0) return found;
  return [difference(where, orders[0] === orders[1] ? { field: 'DiffID', a: a.diffId, b: b.diffId } : { field: 'order of entries', a: 'one', b: 'another' })];
}

function diffEntries(a: EntryFacts | undefined, b: EntryFacts | undefined): ReturnType<typeof diffValues> {
  if (a === undefined || b === undefined) return [{ field: 'entry', a: a?.['type'], b: b?.['type'] }];
  return diffValues(a, b);
}

function difference(where: string, { field, a, b }: { readonly field: string; readonly a: string | undefined; readonly b: string | undefined }): ImageDifference {
  return { where, field, ...(a === undefined ? {} : { a }), ...(b === undefined ? {} : { b }) };
}
