import type { ExportRequest, Image, Platform } from '@strake/api';
import { makeManifest } from '../image/make-manifest';
import { isDockerType, retyped } from '../image/media-types';
import type { Store } from '../store';
import { annotationsOf } from './annotations';
import { compressedLayer } from './compressed-layer';
import type { ImageForm } from './image-form';

/** A view of an image in a form. What is in that form already keeps its manifest, byte by byte. */
export async function formedImage(store: Store, image: Image, platform: Platform | undefined, form: ImageForm, request: Pick<ExportRequest, 'signal' | 'progress'>): Promise<Image> {
  const layers = [];
  for (const layer of image.layers) {
    const one = await compressedLayer(store, layer, form, request);
    layers.push({ ...one, descriptor: { ...one.descriptor, mediaType: retyped(one.descriptor.mediaType, form.docker) } });
  }
  const annotations = annotationsOf(form.annotations, 'manifest', platform);
  const changed = layers.some(({ descriptor }, at) => descriptor.digest !== image.layers[at]?.descriptor.digest);
  if (!changed && annotations === undefined && isDockerType(image.manifest.mediaType) === form.docker) return image;
  const config = { ...image.configDescriptor, mediaType: retyped(image.configDescriptor.mediaType, form.docker) };
  const { descriptor, bytes } = makeManifest(config, layers.map((layer) => layer.descriptor), { docker: form.docker, ...(annotations === undefined ? {} : { annotations }) });
  return { ...image, configDescriptor: config, manifest: descriptor, manifestBytes: bytes, layers };
}
