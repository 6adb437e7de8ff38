import type { Descriptor, Image } from '@strake/api';
import { OperatorError } from '@strake/api';
import type { Store } from '../store';
import { openLayer } from './open-layer';
import { isIndex, parseConfig, parseManifest } from './read-manifest';

/** A stored image by the descriptor of its manifest. Throws STORE_INVALID, and IMAGE_INVALID when it is no image's manifest. */
export function openImage(store: Store, manifest: Descriptor): Image {
  const manifestBytes = store.blobs.read(manifest.digest);
  const parsed = parseManifest(manifestBytes, `the manifest ${manifest.digest}`);
  if (isIndex(parsed)) throw new OperatorError('IMAGE_INVALID', `${manifest.digest} is an index of several images`);
  const configBytes = store.blobs.read(parsed.config.digest);
  const config = parseConfig(configBytes, `the image config ${parsed.config.digest}`);
  const diffIds = config.rootfs.diff_ids;
  if (diffIds.length !== parsed.layers.length) {
    throw new OperatorError('IMAGE_INVALID', `the manifest ${manifest.digest} has ${parsed.layers.length} layers but its config ${diffIds.length}`);
  }
  const layers = diffIds.map((diffId, at) => openLayer(store, parsed.layers[at] as Descriptor, diffId));
  return { manifest, manifestBytes, config, configDescriptor: parsed.config, configBytes, layers };
}
