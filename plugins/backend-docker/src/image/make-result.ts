import type { Digest, GraphResult, Image, ImageOptions, SnapshotReference, Squash } from '@strake/api';
import { makeImage, openImage, squashedHistory, type Store } from '@strake/oci';
import { rmSync } from 'node:fs';
import { describeImage, type Compose, type Composed, type ImageParts } from '../compose/compose-image';
import type { EngineClient, EngineImage } from '../engine';
import { chainOf, type Trees } from '../snapshots/trees';
import type { Uses } from '../snapshots/uses';
import { bringImage } from './bring-image';
import { resultHistory } from './result-history';
import { squashLayers } from './squash-layers';

/** What results are made with. */
export interface ResultParts {
  readonly client: EngineClient;
  readonly compose: Compose;
  readonly store: Store;
  readonly trees: Trees;
  readonly uses: Uses;
  /** A private directory of this machine. */
  readonly scratch: string;
  /** Lets an image stay for later builds. */
  readonly keep: (image: Digest) => void;
  readonly signal: AbortSignal;
}

/** Makes the image of a result in the engine: the layers that are there, with exactly the config and the history that the graph says. */
export async function makeResult(result: GraphResult, root: SnapshotReference | null, { content = false }: ImageOptions, parts: ResultParts): Promise<Image> {
  const { compose, store, trees } = parts;
  const tree = root === null ? undefined : await trees.need(root);
  const layers = tree?.RootFS.Layers ?? [];
  const history = resultHistory(result, tree, parts);
  const created = result.config.created ?? history.at(-1)?.created ?? new Date().toISOString();
  const image: ImageParts = { config: { ...result.config, created }, history, layers, from: tree ?? null };
  if (tree !== undefined && result.squash !== undefined && layers.length > result.squash.baseLayers.length) return makeSquashed(image, tree, result.squash, content, parts);
  const composed = await compose(image);
  if (tree !== undefined) rememberResult(composed.made, tree, trees);
  // Newer engines save nothing that has no layers.
  if (content && layers.length === 0) return named(keepImage(image, store), composed);
  return content ? bringComposed(composed, parts) : composed.image;
}

/** Its layers, too. */
async function bringComposed(composed: Composed, { client, store, signal }: ResultParts): Promise<Image> {
  return named(await bringImage(composed.made.Id, client, store, signal), composed);
}

/** By the ID that it has in the engine. */
const named = (image: Image, { image: { id } }: Composed): Image => (id === undefined ? image : { ...image, id });

/** One layer in place of the build's own. What the engine has is brought here for it; the steps' image stays, so that the next build finds them. */
async function makeSquashed(whole: ImageParts, tree: EngineImage, squash: Squash, content: boolean, parts: ResultParts): Promise<Image> {
  const { client, compose, store, scratch, keep, signal } = parts;
  keep(tree.Id);
  const { layers } = await bringImage(tree.Id, client, store, signal);
  const highest = await squashLayers(layers, squash.baseLayers.length, scratch);
  try {
    const history = squashedHistory(whole.history, squash, describeImage(whole).configDescriptor.digest, whole.config.created);
    const image: ImageParts = { ...whole, history, layers: [...squash.baseLayers, highest.diffId], highest };
    const composed = await compose(image);
    return content ? await bringComposed(composed, parts) : composed.image;
  } finally {
    rmSync(highest.path, { force: true });
  }
}

/** The result has the tree from now on: the image that it was made of can go. */
function rememberResult(made: EngineImage, tree: EngineImage, trees: Trees): void {
  const record = trees.get(chainOf(tree));
  if (record !== undefined) trees.record(made, record);
}

/** Puts an image of no layers into the store. */
function keepImage({ config, history }: ImageParts, store: Store): Image {
  const { configDescriptor, configBytes, manifest, manifestBytes } = makeImage({ config, history, layers: [] });
  store.blobs.write(configDescriptor.mediaType, configBytes);
  store.blobs.write(manifest.mediaType, manifestBytes);
  store.images.put(configDescriptor.digest, manifest);
  return openImage(store, manifest);
}
