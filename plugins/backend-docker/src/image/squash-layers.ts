import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Layer } from '@strake/api';
import { fileOfLayer, type LayerFile } from '../copy/layer-tar';
import { layeredTree } from '../tree/layered-tree';
import { treeDifference } from '../tree/tree-difference';

/** One layer in place of those above some, in a file of a private directory: what is made and removed again is in none. */
export async function squashLayers(layers: readonly Pick<Layer, 'open'>[], below: number, scratch: string): Promise<LayerFile> {
  const name = (): string => join(scratch, `squash-${randomBytes(6).toString('hex')}`);
  const base = await layeredTree(layers.slice(0, below), name());
  try {
    const whole = await layeredTree(layers, name());
    try {
      return fileOfLayer(name(), treeDifference(base, whole));
    } finally {
      whole.close();
    }
  } finally {
    base.close();
  }
}
