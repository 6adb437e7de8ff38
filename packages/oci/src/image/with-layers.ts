import type { Image, Layer } from '@strake/api';
import { digestOf } from '../digest';
import { encodeGoJson } from './go-json';
import { MEDIA_TYPES } from './media-types';

/** A view of an image with the same layers in another form: the config stays, the manifest is a new one, of OCI's types. */
export function withLayers(image: Image, layers: readonly Layer[]): Image {
  const config = { ...image.configDescriptor, mediaType: MEDIA_TYPES.config };
  const descriptors = layers.map(({ descriptor: { mediaType, digest, size } }) => ({ mediaType: ociLayerType(mediaType), digest, size }));
  const manifestBytes = encodeGoJson({ schemaVersion: 2, mediaType: MEDIA_TYPES.manifest, config, layers: descriptors });
  const manifest = { mediaType: MEDIA_TYPES.manifest, digest: digestOf(manifestBytes), size: manifestBytes.length };
  const retyped = layers.map((layer, at) => ({ ...layer, descriptor: descriptors[at] ?? layer.descriptor }));
  return { ...image, configDescriptor: config, manifest, manifestBytes, layers: retyped };
}

/** OCI's media type for a layer of Docker's: a manifest has one family of types only. */
export function ociLayerType(mediaType: string): string {
  if (mediaType === MEDIA_TYPES.dockerLayerGzip) return MEDIA_TYPES.layerGzip;
  return mediaType === MEDIA_TYPES.dockerLayer ? MEDIA_TYPES.layer : mediaType;
}
