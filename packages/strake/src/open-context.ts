import { createContext, type LocalContext } from '@strake/context';
import type { Store } from '@strake/oci';
import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** What a context is opened with. */
export interface OpenContextOptions {
  /** As the user gave it. */
  readonly name: string;
  readonly store: Store;
  readonly signal: AbortSignal;
}

/** Opens a directory as a build context; what is answered takes the Dockerfile, whose ignore file goes before the directory's. */
export function openContext(directory: string, { name, store, signal }: OpenContextOptions): (dockerfilePath?: string) => LocalContext {
  const statCachePath = join(store.root, 'cache', 'contexts', createHash('sha256').update(directory).digest('hex'));
  return (dockerfilePath) => createContext(directory, { name, statCachePath, signal, ...(dockerfilePath === undefined ? {} : { dockerfilePath }) });
}
