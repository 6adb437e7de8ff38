import type { Descriptor } from '@strake/api';
import { digestOf } from '../digest';
import { encodeGoJson } from './go-json';
import { MEDIA_TYPES } from './media-types';

/** A manifest as bytes and the descriptor of it. */
export interface MadeManifest {
  readonly descriptor: Descriptor;
  readonly bytes: Buffer;
}

/** Makes the OCI manifest of an image; layers lowest first. Docker's media types become OCI's: a manifest has one family of types only. */
export function makeManifest(config: Descriptor, layers: readonly Descriptor[]): MadeManifest {
  const plain = layers.map(({ mediaType, digest, size }) => ({ mediaType: ociLayerType(mediaType), digest, size }));
  const bytes = encodeGoJson({
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.manifest,
    config: { mediaType: MEDIA_TYPES.config, digest: config.digest, size: config.size },
    layers: plain,
  });
  return { descriptor: { mediaType: MEDIA_TYPES.manifest, digest: digestOf(bytes), size: bytes.length }, bytes };
}

/** OCI's media type for a layer of Docker's. */
export function ociLayerType(mediaType: string): string {
  if (mediaType === MEDIA_TYPES.dockerLayerGzip) return MEDIA_TYPES.layerGzip;
  return mediaType === MEDIA_TYPES.dockerLayer ? MEDIA_TYPES.layer : mediaType;
}
