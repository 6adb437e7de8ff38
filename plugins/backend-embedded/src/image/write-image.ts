import type { GraphResult, Image } from '@strake/api';
import { fillHistoryTimes, makeImage, openImage, type Store } from '@strake/oci';
import type { DatedLayer } from '../layers';

/** Writes config and manifest of a result into the store and answers the image. `layers` are lowest first. */
export function writeImage(store: Store, result: GraphResult, layers: readonly DatedLayer[]): Image {
  const history = fillHistoryTimes(result.history, layers.map(({ created }) => created));
  // An image of metadata alone has no layer to tell the time.
  const created = result.config.created ?? history.at(-1)?.created ?? new Date().toISOString();
  const image = makeImage({ config: { ...result.config, created }, history, layers: layers.map(({ layer }) => layer) });
  store.blobs.write(image.configDescriptor.mediaType, image.configBytes);
  store.blobs.write(image.manifest.mediaType, image.manifestBytes);
  store.images.put(image.configDescriptor.digest, image.manifest);
  return openImage(store, image.manifest);
}
