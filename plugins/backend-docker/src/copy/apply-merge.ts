import type { Image } from '@strake/api';
import type { FileTarget } from './file-target';

/** Puts the layers of an image on top of what is there, unchanged: what is in the way gives way, and a directory that is there gets the attributes of the layer's. */
export async function applyMerge({ layers }: Pick<Image, 'layers'>, target: FileTarget, signal: AbortSignal): Promise<void> {
  for (const layer of layers) await target.put(layer.open(), { replace: true, signal });
}
