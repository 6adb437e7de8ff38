import type { Descriptor, ExportRequest, Image, Platform } from '@strake/api';
import { makeIndex } from '../image/make-index';
import type { MadeManifest } from '../image/make-manifest';
import type { Store } from '../store';
import { annotationsOf } from './annotations';
import type { CompressOptions } from './compressed-layer';
import { formedImage } from './formed-image';
import type { ImageForm } from './image-form';

/** A result as it goes out: one image, or an index of several with their images. */
export interface FormedResult {
  readonly images: readonly Image[];
  /** Set when several platforms were asked for. */
  readonly index?: MadeManifest;
  /** What stands for it: of the index or the one manifest, with platform and annotations. */
  readonly descriptor: Descriptor;
}

/** Puts the images of a request into a form. Without platforms each image is a result of its own. Throws what compressing throws. */
export async function formedResults(store: Store, request: ExportRequest & Pick<CompressOptions, 'follow'>, form: ImageForm): Promise<readonly FormedResult[]> {
  const { images, platforms } = request;
  const formed: Image[] = [];
  for (const [at, image] of images.entries()) formed.push(await formedImage(store, image, platforms?.[at] ?? platformOf(image), form, request));
  if (platforms === undefined) return formed.map((image) => ({ images: [image], descriptor: manifestDescriptor(image, platformOf(image), form) }));
  const entries = formed.map((image, at) => manifestDescriptor(image, platforms[at] ?? platformOf(image), form));
  const index = makeIndex(entries, { docker: form.docker, ...optional('annotations', annotationsOf(form.annotations, 'index')) });
  return [{ images: formed, index, descriptor: { ...index.descriptor, ...optional('annotations', annotationsOf(form.annotations, 'index-descriptor')) } }];
}

function manifestDescriptor({ manifest: { mediaType, digest, size } }: Image, platform: Platform, { annotations }: ImageForm): Descriptor {
  return { mediaType, digest, size, ...optional('annotations', annotationsOf(annotations, 'manifest-descriptor', platform)), platform: platformFields(platform) };
}

/** As in a descriptor (image-spec image-index.md), in the order of Go's struct. */
function platformFields({ architecture, os, osVersion, variant }: Platform): Readonly<Record<string, unknown>> {
  return { architecture, os, ...(osVersion ? { 'os.version': osVersion } : {}), ...(variant ? { variant } : {}) };
}

/** What the config says that an image is for. */
export function platformOf({ config: { os, architecture, variant } }: Image): Platform {
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}

const optional = <K extends string, V>(key: K, value: V | undefined): { readonly [name in K]?: V } => (value === undefined ? {} : ({ [key]: value } as { readonly [name in K]?: V }));
