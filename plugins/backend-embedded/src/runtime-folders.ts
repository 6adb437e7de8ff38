import { join } from 'node:path';
import type { Store } from '@strake/oci';
import type { RuntimeFolders } from './runtime';

/**
 * Where a build's programs keep their state: in the folder of its lease, so that a dead build's programs can be told from a
 * living one's. Compiled filters are the store's.
 */
export function runtimeFolders(store: Store, lease: string): RuntimeFolders {
  return { stateRoot: join(lease, 'run'), cacheDirectory: join(store.root, 'seccomp') };
}
