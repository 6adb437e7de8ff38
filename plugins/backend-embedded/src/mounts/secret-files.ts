import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mount, MNT_DETACH, MS, unmount } from '@strake/syscalls';
import type { ValueMount } from '../worker/protocol';

/** Files of secrets: in memory, in a place that only this thread and the program see, so that no crash leaves them on a disk. */
export class SecretFiles {
  private readonly folder: string;
  private count = 0;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Writes a secret; answers the file. */
  add({ value, mode, uid, gid }: ValueMount): string {
    if (this.count === 0) mountMemory(this.folder);
    this.count += 1;
    const file = join(this.folder, String(this.count));
    writeFileSync(file, value, { mode: 0o600, flag: 'wx' });
    chownSync(file, uid, gid);
    chmodSync(file, mode);
    return file;
  }

  release(): void {
    if (this.count > 0) unmount(this.folder, MNT_DETACH);
    this.count = 0;
  }
}

/** Makes a folder whose files are in memory and never swapped out, where the kernel can promise that. */
export function mountMemory(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const flags = MS.NOSUID | MS.NODEV;
  try {
    mount('tmpfs', folder, 'tmpfs', flags, 'mode=0711,noswap');
  } catch {
    // Kernels before 6.4 do not know the option.
    mount('tmpfs', folder, 'tmpfs', flags, 'mode=0711');
  }
}
