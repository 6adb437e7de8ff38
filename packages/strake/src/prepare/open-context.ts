import { createContext, type Ignore, type LocalContext } from '@strake/context';
import type { Store } from '@strake/oci';
import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** What a context is opened with. */
export interface OpenContextOptions {
  /** As the user gave it. */
  readonly name: string;
  readonly store: Store;
  readonly signal: AbortSignal;
  /** Takes the place of an ignore file. */
  readonly ignore?: Ignore | undefined;
}

/** Opens a directory as a build context; what is answered takes the Dockerfile, whose ignore file goes before the directory's. */
export function openContext(directory: string, { name, store, signal, ignore }: OpenContextOptions): (dockerfilePath?: string) => LocalContext {
  const statCachePath = join(store.root, 'cache', 'contexts', createHash('sha256').update(directory).digest('hex'));
  return (dockerfilePath) => createContext(directory, { name, statCachePath, signal, ...(ignore === undefined ? {} : { ignore }), ...(dockerfilePath === undefined ? {} : { dockerfilePath }) });
}
