import type { GraphResult, HistoryEntry, Image } from '@strake/api';
import { fillHistoryTimes, makeImage, openImage, squashedHistory, type Store } from '@strake/oci';
import type { DatedLayer } from '../stacks';

/** Writes config and manifest of a result into the store and answers the image. `layers` are lowest first. */
export function writeImage(store: Store, result: GraphResult, layers: readonly DatedLayer[]): Image {
  return keep(store, imageOf(result, datedHistory(result, layers), layers));
}

/** The same where one layer takes the place of several: `whole` are the layers before. */
export function writeSquashed(store: Store, result: GraphResult, whole: readonly DatedLayer[], layers: readonly DatedLayer[]): Image {
  const history = datedHistory(result, whole);
  const { configDescriptor } = imageOf(result, history, whole);
  const { squash = { baseLayers: [] } } = result;
  const created = result.config.created ?? layers.at(-1)?.created;
  return keep(store, imageOf(result, squashedHistory(history, squash, configDescriptor.digest, created), layers));
}

function datedHistory({ history }: GraphResult, layers: readonly DatedLayer[]): readonly HistoryEntry[] {
  return fillHistoryTimes(history, layers.map(({ created }) => created));
}

function imageOf({ config }: GraphResult, history: readonly HistoryEntry[], layers: readonly DatedLayer[]): Image {
  // An image of metadata alone has no layer to tell the time.
  const created = config.created ?? history.at(-1)?.created ?? new Date().toISOString();
  return makeImage({ config: { ...config, created }, history, layers: layers.map(({ layer }) => layer) });
}

function keep(store: Store, image: Image): Image {
  store.blobs.write(image.configDescriptor.mediaType, image.configBytes);
  store.blobs.write(image.manifest.mediaType, image.manifestBytes);
  store.images.put(image.configDescriptor.digest, image.manifest);
  return openImage(store, image.manifest);
}
