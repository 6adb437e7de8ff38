import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import { makePipe } from '@strake/syscalls';
import { killIfThere } from './process-facts';
import { spawnProgram, waitForEnd } from './posix-spawn';

/**
 * Waits until its input ends, then ends every container of the state folder $1 (by the numbers in its `.pid` files).
 * Their state is left to the next process: it can also find a container that had no number yet. Builtins only.
 */
const SCRIPT = `
read -r end
for file in "$1"/*.pid; do
  read -r pid < "$file" || [ -n "$pid" ] || continue
  children=
  read -r children < "/proc/$pid/task/$pid/children"
  kill -9 $children $pid
done
`;

/** A program that ends soon needs no guard: one that a crash leaves behind then is gone by itself before anybody looks. */
const GUARD_AFTER_MILLISECONDS = 100;

/**
 * Ends containers when this process dies without a word (kill -9). A container is a grandchild, which the kernel's
 * parent-death signal does not reach; so a small process holds a pipe that the kernel closes at our death. It is started
 * by the first run that lasts, and serves all later ones.
 */
export class Watchdog {
  readonly #stateFolder: string;
  #guard: { readonly pid: number; readonly pipe: Socket } | undefined;

  constructor(stateFolder: string) {
    this.#stateFolder = stateFolder;
  }

  /** Guards a run, `atOnce` or when it has lasted; the answer is to be called at its end. */
  watch(atOnce: boolean): () => void {
    if (atOnce) this.#guard ??= startGuard(this.#stateFolder);
    if (this.#guard !== undefined) return () => undefined;
    const timer = setTimeout(() => (this.#guard ??= startGuard(this.#stateFolder)), GUARD_AFTER_MILLISECONDS);
    return () => clearTimeout(timer);
  }

  close(): void {
    if (this.#guard === undefined) return;
    killIfThere(this.#guard.pid);
    waitForEnd(this.#guard.pid);
    this.#guard.pipe.destroy();
    this.#guard = undefined;
  }
}

function startGuard(stateFolder: string): { readonly pid: number; readonly pipe: Socket } {
  const { read, write } = makePipe();
  try {
    const pid = spawnProgram({ path: '/bin/sh', args: ['-c', SCRIPT, 'strake-watchdog', stateFolder], env: process.env, stdio: [read, null, null] });
    // A handle of the event loop, so that the end of a worker thread closes it too.
    const pipe = new Socket({ fd: write, readable: false, writable: true });
    pipe.on('error', () => undefined);
    pipe.unref();
    return { pid, pipe };
  } finally {
    closeSync(read);
  }
}
