import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '@strake/oci';

/** A private folder for what a build brings in before it begins. */
export interface WorkArea {
  readonly directory: string;
  /** Removes it with all that is in it. */
  release(): void;
}

/** Makes a folder: in the store, where it is reclaimed should this process die, or for a dry run, which leaves it alone, in the system's. */
export function makeWorkArea(store: Store): WorkArea {
  if (!store.readonly) return store.lease();
  const directory = mkdtempSync(join(tmpdir(), 'strake-context-'));
  return { directory, release: () => rmSync(directory, { recursive: true, force: true }) };
}
