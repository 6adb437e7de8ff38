import type { Descriptor } from '@strake/api';
import { digestOf } from '../digest';
import { encodeGoJson } from './go-json';
import type { MadeManifest } from './make-manifest';
import { MEDIA_TYPES } from './media-types';

/** Makes an index, or Docker's manifest list, of images (image-spec image-index.md); the descriptors say their platforms. */
export function makeIndex(manifests: readonly Descriptor[], options: { readonly docker?: boolean; readonly annotations?: Readonly<Record<string, string>> } = {}): MadeManifest {
  const mediaType = options.docker === true ? MEDIA_TYPES.dockerIndex : MEDIA_TYPES.index;
  const bytes = encodeGoJson({ schemaVersion: 2, mediaType, manifests, ...(options.annotations === undefined ? {} : { annotations: options.annotations }) });
  return { descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length }, bytes };
}
