import { OperatorError } from '@strake/api';
import { freeBytes, storeUsage, type Store } from '@strake/oci';
import type { GarbagePolicy } from './cache-types';
import { trimPolicy } from './trim-policy';

/**
 * Brings a store back into its bounds after a build, if it is over them. Directories of mounts count only once something else is over: nobody walks
 * through them after each build. Where another build is under way nothing happens; the next one sees to it.
 */
export async function collectGarbage(store: Store, garbage: GarbagePolicy): Promise<void> {
  const policy = trimPolicy(garbage, store.root);
  const { mostUsed = Infinity, leastFree = 0 } = policy;
  const used = (): number => storeUsage(store, { quick: true, unnamed: true }).reduce((sum, { size, inUse }) => sum + (inUse ? 0 : size), 0);
  if (freeBytes(store.root) >= leastFree && (mostUsed === Infinity || used() <= mostUsed)) return;
  try {
    await store.trim({ ...policy, unnamed: true });
  } catch (error) {
    if (!(error instanceof OperatorError) || error.code !== 'STORE_BUSY') throw error;
  }
}
