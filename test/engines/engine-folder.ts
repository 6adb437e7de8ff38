import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run';

/** Large and on a real disk, unlike /tmp on many machines: overlay needs it. */
const parent = process.env['STRAKE_TEST_FOLDER'] ?? '/var/tmp';

/** A new folder for engines, stores and images. */
export function makeFolder(purpose: string): string {
  return mkdtempSync(join(parent, `strake-${purpose}-`));
}

/** Removes such a folder, and first every mount that an engine left in it. */
export async function removeFolder(folder: string): Promise<void> {
  const mounts = (await run(['cat', '/proc/self/mounts'])).stdout.split('\n').map((line) => line.split(' ')[1] ?? '');
  for (const mount of mounts.filter((path) => path.startsWith(`${folder}/`)).reverse()) await run(['umount', '-l', mount]);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
