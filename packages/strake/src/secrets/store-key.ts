import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '@strake/oci';

const BYTES = 32;

/** A key that only this store has, so that the digest of a value says nothing to who can guess the value but not read the key. A dry run makes none. */
export function storeKey(store: Store): Buffer {
  const path = join(store.root, 'secret-args.key');
  const known = readKey(path);
  if (known !== undefined || store.readonly) return known ?? randomBytes(BYTES);
  const temporary = store.temporaryPath();
  writeFileSync(temporary, randomBytes(BYTES), { mode: 0o600, flag: 'wx' });
  try {
    // Not a rename: of two builds that make one at the same time the first one's counts.
    linkSync(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
  return readFileSync(path);
}

function readKey(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
