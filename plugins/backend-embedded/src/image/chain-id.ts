import type { Digest } from '@strake/api';
import { digestOf } from '@strake/oci';

/** The chain ID of a stack of layers, lowest first (OCI image-spec config.md, "Layer ChainID"). */
export function chainId(diffIds: readonly Digest[]): Digest {
  const [first, ...rest] = diffIds;
  if (first === undefined) return digestOf('');
  return rest.reduce((chain, diffId) => digestOf(`${chain} ${diffId}`), first);
}
