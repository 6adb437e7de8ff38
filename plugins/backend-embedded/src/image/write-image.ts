import type { Descriptor, GraphResult, Image, ImageConfigFile, Layer } from '@strake/api';
import type { Store } from '@strake/oci';

const CONFIG = 'application/vnd.oci.image.config.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** Writes config and manifest of a result into the store and answers the image. `layers` are lowest first. */
export function writeImage(store: Store, result: GraphResult, layers: readonly Layer[]): Image {
  const config: ImageConfigFile = { ...result.config, rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) }, history: result.history };
  const configBytes = Buffer.from(JSON.stringify(config));
  const configDescriptor = store.blobs.write(CONFIG, configBytes);
  const manifestBytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config: configDescriptor, layers: layers.map(({ descriptor }) => plain(descriptor)) }));
  const manifest = store.blobs.write(MANIFEST, manifestBytes);
  store.images.put(configDescriptor.digest, manifest);
  return { manifest, manifestBytes, config, configDescriptor, configBytes, layers };
}

/** A base image may come with Docker's media types; a manifest has one family of types only. */
function plain({ mediaType, digest, size }: Descriptor): Descriptor {
  const compression = mediaType.includes('zstd') ? '+zstd' : mediaType.includes('gzip') ? '+gzip' : '';
  return { mediaType: `application/vnd.oci.image.layer.v1.tar${compression}`, digest, size };
}
