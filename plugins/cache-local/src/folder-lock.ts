import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { OperatorError } from '@strake/api';
import { tryLock } from '@strake/syscalls';

const PATIENCE = 30_000;
const PAUSE = 20;

/** That somebody reads or writes a layout. The kernel lets go of it when the process dies, however it dies. */
export class FolderLock {
  readonly #folder: string;
  readonly #fd: number;

  private constructor(folder: string, fd: number) {
    this.#folder = folder;
    this.#fd = fd;
  }

  /** Waits while somebody takes unused layers away. Throws STORE_BUSY when that takes too long. */
  static async take(folder: string): Promise<FolderLock> {
    const fd = openSync(folder, 'r');
    try {
      await until(() => tryLock(fd, 'shared'), folder);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    return new FolderLock(folder, fd);
  }

  /** Runs work that reads the index and writes it anew: one at a time. Throws STORE_BUSY. */
  async alone(work: () => Promise<void>): Promise<void> {
    const fd = openSync(join(this.#folder, 'oci-layout'), 'r');
    try {
      await until(() => tryLock(fd, 'exclusive'), this.#folder);
      await work();
    } finally {
      closeSync(fd);
    }
  }

  /** Runs work if nobody else uses the layout; otherwise it is left to the next one. */
  unused(work: () => void): void {
    if (tryLock(this.#fd, 'exclusive')) work();
  }

  release(): void {
    closeSync(this.#fd);
  }
}

async function until(taken: () => boolean, folder: string): Promise<void> {
  for (const end = performance.now() + PATIENCE; !taken(); await wait(PAUSE)) {
    if (performance.now() > end) throw new OperatorError('STORE_BUSY', `somebody else keeps the cache in ${folder} busy`, { hint: 'Try again when the other build has ended.' });
  }
}
