import type { Store } from '@strake/oci';
import { reclaimContainers } from './runtime';
import { runtimeFolders } from './runtime-folders';

/** Ends the programs of a build that died, given the folder of its lease: what must happen before that folder is removed. */
export function endPrograms(store: Store, lease: string): void {
  reclaimContainers(runtimeFolders(store, lease).stateRoot);
}
