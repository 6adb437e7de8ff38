import type { Image, Layer } from '@strake/api';
import { MEDIA_TYPES } from './media-types';
import { makeManifest, ociLayerType } from './make-manifest';

/** A view of an image with the same layers in another form: the config stays, the manifest is a new one, of OCI's types. */
export function withLayers(image: Image, layers: readonly Layer[]): Image {
  const configDescriptor = { ...image.configDescriptor, mediaType: MEDIA_TYPES.config };
  const retyped = layers.map((layer) => ({ ...layer, descriptor: { ...layer.descriptor, mediaType: ociLayerType(layer.descriptor.mediaType) } }));
  const { descriptor, bytes } = makeManifest(configDescriptor, retyped.map((layer) => layer.descriptor));
  return { ...image, configDescriptor, manifest: descriptor, manifestBytes: bytes, layers: retyped };
}
