import type { Descriptor, ImageConfigFile, Platform } from '@strake/api';
import { OperatorError } from '@strake/api';
import type { Store } from '@strake/oci';

/** An image of the store, read. */
export interface StoredImage {
  readonly manifest: Descriptor;
  readonly config: ImageConfigFile;
  readonly layers: readonly Descriptor[];
}

interface Manifest {
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
  readonly manifests?: readonly Descriptor[];
}

/** Reads a stored image; of an index the image for the platform. Throws IMAGE_INVALID, and IMAGE_MISSING when the index has none for it. */
export function readImage(store: Store, descriptor: Descriptor, platform: Platform, reference: string): StoredImage {
  const manifest = JSON.parse(store.blobs.read(descriptor.digest).toString('utf8')) as Manifest;
  if (manifest.manifests !== undefined) {
    const fitting = manifest.manifests.find((one) => one.platform?.['os'] === platform.os && one.platform['architecture'] === platform.architecture);
    if (fitting === undefined) throw wrongPlatform(reference, platform, 'it has other platforms only');
    return readImage(store, fitting, platform, reference);
  }
  if (manifest.config === undefined) throw new OperatorError('IMAGE_INVALID', `the manifest ${descriptor.digest} has no config`);
  const config = JSON.parse(store.blobs.read(manifest.config.digest).toString('utf8')) as ImageConfigFile;
  return { manifest: descriptor, config, layers: manifest.layers ?? [] };
}

/** Refuses an image of another platform than was asked for. */
export function assertPlatform({ config }: StoredImage, platform: Platform, reference: string): void {
  if (config.os === platform.os && config.architecture === platform.architecture) return;
  throw wrongPlatform(reference, platform, `it is ${config.os}/${config.architecture}`);
}

function wrongPlatform(reference: string, { os, architecture }: Platform, is: string): OperatorError {
  return new OperatorError('IMAGE_MISSING', `image ${reference} is not there for ${os}/${architecture}: ${is}`, {
    hint: 'load it for that platform with "strake load", or name its platform with --platform',
  });
}
