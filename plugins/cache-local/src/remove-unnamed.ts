import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Descriptor } from '@strake/api';
import { hexOf } from '@strake/oci';

/** Removes the blobs of a layout that are none of those named, also unfinished ones. Nobody else may be using it. */
export function removeUnnamed(folder: string, named: readonly Descriptor[]): void {
  const kept = new Set(named.map(({ digest }) => hexOf(digest)));
  const blobs = join(folder, 'blobs', 'sha256');
  for (const name of readdirSync(blobs)) if (!kept.has(name)) rmSync(join(blobs, name), { recursive: true, force: true });
}
