import type { Digest } from '@strake/api';
import { digestOf } from '../digest';

/** The chain ID of a stack of layers, lowest first (image-spec config.md, "Layer ChainID"); undefined for none. */
export function chainIdOf(diffIds: readonly Digest[]): Digest | undefined {
  return diffIds.reduce<Digest | undefined>((chain, diffId) => (chain === undefined ? diffId : digestOf(`${chain} ${diffId}`)), undefined);
}
