import type { Digest } from '@strake/api';
import { chainIdOf, digestOf } from '@strake/oci';

/** The chain ID of a stack of layers, lowest first; of nothing the digest of nothing, for which the specification has no name. */
export function chainDigest(diffIds: readonly Digest[]): Digest {
  return chainIdOf(diffIds) ?? digestOf('');
}
