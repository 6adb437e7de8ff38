import { lstat, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAbandoned } from './owner';
import { OWNER_FILE, SCRATCH_PREFIX } from './scratch';

/** Removes the temporary folders of strakes of this user that were killed. Never rejects: what cannot be removed stays. */
export async function reclaimScratch(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  await Promise.all(names.filter((name) => name.startsWith(SCRATCH_PREFIX)).map((name) => removeIfLeft(join(tmpdir(), name)).catch(() => undefined)));
}

/** Everybody may write in a temporary folder: only a directory of our own is looked into. */
async function removeIfLeft(path: string): Promise<void> {
  const found = await lstat(path);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) return;
  if (isAbandoned(await readFile(join(path, OWNER_FILE), 'utf8'))) await rm(path, { recursive: true, force: true });
}
