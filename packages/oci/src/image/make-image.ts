import type { Descriptor, GraphResult, HistoryEntry, Image, ImageConfigFile, Layer } from '@strake/api';
import { digestOf } from '../digest';
import { encodeGoJson } from './go-json';
import { MEDIA_TYPES } from './media-types';

/** What an image is made of; layers lowest first. */
export interface ImageParts {
  readonly config: GraphResult['config'];
  readonly history: readonly HistoryEntry[];
  readonly layers: readonly Layer[];
}

/** Makes config and manifest of an image. Nothing is stored. */
export function makeImage({ config, history, layers }: ImageParts): Image {
  const file: ImageConfigFile = { ...config, rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) }, history };
  const configBytes = encodeGoJson(file);
  const configDescriptor = describe(MEDIA_TYPES.config, configBytes);
  const manifest = { schemaVersion: 2, mediaType: MEDIA_TYPES.manifest, config: configDescriptor, layers: layers.map(({ descriptor }) => descriptor) };
  const manifestBytes = encodeGoJson(manifest);
  return { manifest: describe(MEDIA_TYPES.manifest, manifestBytes), manifestBytes, config: file, configDescriptor, configBytes, layers };
}

function describe(mediaType: string, bytes: Buffer): Descriptor {
  return { mediaType, digest: digestOf(bytes), size: bytes.length };
}
