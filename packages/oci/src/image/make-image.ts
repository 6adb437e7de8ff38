import type { GraphResult, HistoryEntry, Image, Layer } from '@strake/api';
import { digestOf } from '../digest';
import { encodeGoJson } from './go-json';
import { makeManifest } from './make-manifest';
import { MEDIA_TYPES } from './media-types';
import { orderConfig } from './order-config';

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
  const configDescriptor = { mediaType: MEDIA_TYPES.config, digest: digestOf(configBytes), size: configBytes.length };
  const { descriptor, bytes } = makeManifest(configDescriptor, layers.map((layer) => layer.descriptor));
  return { manifest: descriptor, manifestBytes: bytes, config: file, configDescriptor, configBytes, layers };
}
