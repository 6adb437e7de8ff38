import type { Image, Layer } from '@strake/api';
import { makeManifest } from './make-manifest';
import { retyped } from './media-types';

/** A view of an image with the same layers in another form: the config stays, the manifest is a new one, of OCI's types. */
export function withLayers(image: Image, layers: readonly Layer[]): Image {
  const configDescriptor = { ...image.configDescriptor, mediaType: retyped(image.configDescriptor.mediaType, false) };
  const ociLayers = layers.map((layer) => ({ ...layer, descriptor: { ...layer.descriptor, mediaType: retyped(layer.descriptor.mediaType, false) } }));
  const { descriptor, bytes } = makeManifest(configDescriptor, ociLayers.map((layer) => layer.descriptor));
  return { ...image, configDescriptor, manifest: descriptor, manifestBytes: bytes, layers: ociLayers };
}
