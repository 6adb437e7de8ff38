import type { Descriptor, Image, Platform } from '@strake/api';
import { OperatorError } from '@strake/api';
import type { Store } from '../store';
import { choosePlatform, platformText } from './choose-platform';
import { openImage } from './open-image';
import { isIndex, parseManifest } from './read-manifest';

/**
 * Reads a stored image; of an index the image for the platform. `reference` is for errors. Throws IMAGE_MISSING when there is
 * none for the platform, IMAGE_INVALID, STORE_INVALID.
 */
export function readImage(store: Store, descriptor: Descriptor, platform: Platform, reference: string): Image {
  const image = openImage(store, manifestFor(store, descriptor, platform, reference));
  const { os, architecture } = image.config;
  if (os === platform.os && architecture === platform.architecture) return image;
  throw wrongPlatform(reference, platform, `it is for ${os}/${architecture}`);
}

/** The manifest of an image: the descriptor itself, or what an index has for the platform. Throws IMAGE_MISSING. */
export function manifestFor(store: Store, descriptor: Descriptor, platform: Platform, reference: string): Descriptor {
  const manifest = parseManifest(store.blobs.read(descriptor.digest), `the manifest ${descriptor.digest}`);
  if (!isIndex(manifest)) return descriptor;
  const here = manifest.manifests.filter(({ digest }) => store.blobs.has(digest));
  const found = choosePlatform(here, platform);
  if (found !== undefined) return manifestFor(store, found, platform, reference);
  throw wrongPlatform(reference, platform, `it is for ${here.map(platformText).join(', ') || 'none that is here'}`);
}

function wrongPlatform(reference: string, { os, architecture }: Platform, is: string): OperatorError {
  return new OperatorError('IMAGE_MISSING', `image ${reference} is not in the store for ${os}/${architecture}: ${is}`, {
    hint: 'Load it for that platform with "strake load", or build for another one with --platform.',
  });
}
