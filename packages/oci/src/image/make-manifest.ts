import type { Descriptor } from '@strake/api';
import { digestOf } from '../digest';
import { encodeGoJson } from './go-json';
import { MEDIA_TYPES, retyped } from './media-types';

/** A manifest as bytes and the descriptor of it. */
export interface MadeManifest {
  readonly descriptor: Descriptor;
  readonly bytes: Buffer;
}

/** How a manifest is written. */
export interface ManifestOptions {
  /** Docker's media types; OCI's by default. */
  readonly docker?: boolean;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Makes the manifest of an image; layers lowest first. A manifest has one family of media types only: what is of the other is renamed. */
export function makeManifest(config: Descriptor, layers: readonly Descriptor[], { docker = false, annotations }: ManifestOptions = {}): MadeManifest {
  const mediaType = docker ? MEDIA_TYPES.dockerManifest : MEDIA_TYPES.manifest;
  const bytes = encodeGoJson({
    schemaVersion: 2,
    mediaType,
    config: plain(config, docker),
    layers: layers.map((layer) => plain(layer, docker)),
    ...(annotations === undefined ? {} : { annotations }),
  });
  return { descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length }, bytes };
}

const plain = ({ mediaType, digest, size }: Descriptor, docker: boolean): Descriptor => ({ mediaType: retyped(mediaType, docker), digest, size });
