import type { Descriptor, Diagnostic, ExportResult, Image, Platform } from '@strake/api';
import { formatPlatform } from '@strake/core';
import type { BuildResult } from './build-options';
import { imageIdOf } from './image-id';

/** What a build made and wrote. */
export interface Made {
  readonly images: readonly Image[];
  readonly platforms: readonly Platform[];
  /** Of the one image, or of the index, in the store. */
  readonly manifest: Descriptor;
  readonly isIndex: boolean;
  readonly names: readonly string[];
  readonly exports: readonly (ExportResult & { readonly type: string })[];
  readonly warnings: readonly Diagnostic[];
}

/** The result of a build. Throws TypeError when there is no image, which cannot be. */
export function buildResult({ images, platforms, manifest, isIndex, names, exports, warnings }: Made): BuildResult {
  const [first] = images;
  if (first === undefined) throw new TypeError('a build has at least one result');
  const built = images.map((image, at) => ({
    platform: formatPlatform(platforms[at] ?? image.config),
    imageId: imageIdOf(image),
    manifest: image.manifest,
    config: image.config,
  }));
  return {
    imageId: isIndex ? (exports.findLast((one) => one.manifest !== undefined)?.manifest ?? manifest).digest : imageIdOf(first),
    manifest,
    images: built,
    names,
    outputs: exports.map(({ type, path }) => ({ type, ...(path === undefined ? {} : { path }) })),
    config: first.config,
    warnings,
    metadata: metadataOf(isIndex ? undefined : first, { manifest: isIndex ? manifest : withPlatform(manifest, platforms[0] ?? first.config), names }, exports),
  };
}

/**
 * As in buildx the last output that wrote an image is the one that counts; what is in the store where none did. Who asked for the cache alone
 * gets no word of an image.
 */
function metadataOf(image: Image | undefined, stored: Pick<Made, 'manifest' | 'names'>, exports: Made['exports']): BuildResult['metadata'] {
  if (exports.length > 0 && exports.every(({ type }) => type === 'cacheonly')) return {};
  const written = exports.findLast((one) => one.manifest !== undefined);
  const manifest = written?.manifest ?? stored.manifest;
  const names = written?.names ?? stored.names;
  return {
    ...(image === undefined ? {} : { 'containerimage.config.digest': image.configDescriptor.digest }),
    'containerimage.descriptor': manifest,
    'containerimage.digest': manifest.digest,
    ...(names.length > 0 ? { 'image.name': names.join(',') } : {}),
  };
}

/** As the exporters describe the image of one platform. */
function withPlatform({ mediaType, digest, size }: Descriptor, { architecture, os, variant }: Platform): Descriptor {
  return { mediaType, digest, size, platform: { architecture, os, ...(variant === undefined ? {} : { variant }) } };
}
