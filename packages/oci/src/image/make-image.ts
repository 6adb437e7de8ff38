import type { Descriptor, GraphResult, HistoryEntry, Image, Layer } from '@strake/api';
import { digestOf } from '../digest';
import { encodeGoJson } from './go-json';
import { MEDIA_TYPES } from './media-types';
import { orderConfig } from './order-config';
import { ociLayerType } from './with-layers';

/** What an image is made of; layers lowest first. */
export interface ImageParts {
  readonly config: GraphResult['config'];
  readonly history: readonly HistoryEntry[];
  readonly layers: readonly Layer[];
}

/** Makes config and manifest of an image. Nothing is stored. */
export function makeImage({ config, history, layers }: ImageParts): Image {
  const rootfs = { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) } as const;
  const file = orderConfig({ ...config, rootfs, history });
  const configBytes = encodeGoJson(file);
  const configDescriptor = describe(MEDIA_TYPES.config, configBytes);
  const manifest = { schemaVersion: 2, mediaType: MEDIA_TYPES.manifest, config: configDescriptor, layers: layers.map(({ descriptor }) => plainDescriptor(descriptor)) };
  const manifestBytes = encodeGoJson(manifest);
  return { manifest: describe(MEDIA_TYPES.manifest, manifestBytes), manifestBytes, config: file, configDescriptor, configBytes, layers };
}

/** What a manifest says of a layer: of OCI's types only, also where a base image came with Docker's. */
function plainDescriptor({ mediaType, digest, size }: Descriptor): Descriptor {
  return { mediaType: ociLayerType(mediaType), digest, size };
}

function describe(mediaType: string, bytes: Buffer): Descriptor {
  return { mediaType, digest: digestOf(bytes), size: bytes.length };
}
