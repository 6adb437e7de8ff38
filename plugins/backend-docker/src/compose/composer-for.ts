import { OperatorError } from '@strake/api';
import { keepsBlobs } from '../engine';
import type { Compose, ComposeParts } from './compose-image';
import { composeOfBlobs } from './compose-of-blobs';
import { composeOfLayers } from './compose-of-layers';
import { LayerBlobs } from './layer-blobs';

/** How the engine's store wants it. Throws UNSUPPORTED for one that cannot be told of layers that it has; nothing has been made then. */
export async function composerFor(parts: ComposeParts): Promise<Compose> {
  const { client, signal } = parts;
  if (!keepsBlobs(await client.info())) return (image) => composeOfLayers(image, client, signal);
  if (!client.engine.speaks('1.48')) {
    throw new OperatorError('UNSUPPORTED', 'the Docker Engine keeps images in the store of containerd, and is too old to say of what blobs they are', {
      hint: 'Docker 28 and later say it. Here use --cache classic, or switch the engine\'s feature "containerd-snapshotter" off.',
    });
  }
  const blobs = new LayerBlobs(parts);
  return (image) => composeOfBlobs(image, blobs, client, signal);
}
