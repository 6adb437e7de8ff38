import { lockFile } from './lock-file';
import { busy, withStoreErrors } from './store-errors';
import type { StoreFiles } from './store-files';
import { makeWorkFolder } from './work-folder';

/** A use of the store: while it is held nothing is pruned, and its folder is for unfinished work. */
export interface Lease {
  /** On the store's file system; gone after `release`, or after the process has died and somebody reclaims. */
  readonly directory: string;
  release(): void;
}

/** Takes the store's lock together with other users. Throws STORE_BUSY while it is being pruned. */
export function takeLease(files: StoreFiles): Lease {
  files.assertWritable();
  return withStoreErrors(files.root, () => {
    const lock = lockFile(files.path('lock'), 'shared');
    if (lock === undefined) throw busy(files.root, 'start', 'Its unused content is being removed (strake prune); try again when that has ended.');
    const folder = makeWorkFolder(files.path('tmp'));
    return {
      directory: folder.directory,
      release() {
        folder.remove();
        lock.release();
      },
    };
  });
}

/** Runs work while nobody else, this process included, uses the store. Throws STORE_BUSY. */
export async function whileExclusive<T>(files: StoreFiles, work: () => T | Promise<T>): Promise<T> {
  files.assertWritable();
  const lock = withStoreErrors(files.root, () => lockFile(files.path('lock'), 'exclusive'));
  if (lock === undefined) throw busy(files.root, 'remove content', 'A build or another command is running; try again when it has ended.');
  try {
    return await work();
  } finally {
    lock.release();
  }
}
