import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Removes everything from a folder but one entry of it. Links are removed, not what they point at. */
export function emptyFolder(folder: string, but: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (path !== but) rmSync(path, { recursive: true, force: true });
  }
}
