import type { Digest, Image, Layer, Platform } from '@strake/api';
import { makeManifest } from '../image/make-manifest';
import { isDockerType, retyped } from '../image/media-types';
import type { Store } from '../store';
import { annotationsOf } from './annotations';
import { inParallel } from '../in-parallel';
import { compressedLayer, type CompressOptions } from './compressed-layer';
import type { ImageForm } from './image-form';

/** One reads while the blocks of another are compressed. */
const LAYERS_AT_ONCE = 3;

/** A view of an image in a form. What is in that form already keeps its manifest, byte by byte. */
export async function formedImage(store: Store, image: Image, platform: Platform | undefined, form: ImageForm, request: CompressOptions): Promise<Image> {
  const layers = await formedLayers(store, image, form, request);
  const annotations = annotationsOf(form.annotations, 'manifest', platform);
  const changed = layers.some(({ descriptor }, at) => descriptor.digest !== image.layers[at]?.descriptor.digest);
  if (!changed && annotations === undefined && isDockerType(image.manifest.mediaType) === form.docker) return image;
  const config = { ...image.configDescriptor, mediaType: retyped(image.configDescriptor.mediaType, form.docker) };
  const { descriptor, bytes } = makeManifest(config, layers.map((layer) => layer.descriptor), { docker: form.docker, ...(annotations === undefined ? {} : { annotations }) });
  return { ...image, configDescriptor: config, manifest: descriptor, manifestBytes: bytes, layers };
}

async function formedLayers(store: Store, image: Image, form: ImageForm, request: CompressOptions): Promise<readonly Layer[]> {
  const made = new Map<Digest, Layer>();
  // A layer that an image has twice is compressed once.
  const different = new Map(image.layers.map((layer) => [layer.descriptor.digest, layer]));
  await inParallel([...different.values()], LAYERS_AT_ONCE, async (layer) => void made.set(layer.descriptor.digest, await compressedLayer(store, layer, form, request)));
  return image.layers.map((layer) => {
    const one = made.get(layer.descriptor.digest) ?? layer;
    return { ...one, descriptor: { ...one.descriptor, mediaType: retyped(one.descriptor.mediaType, form.docker) } };
  });
}
