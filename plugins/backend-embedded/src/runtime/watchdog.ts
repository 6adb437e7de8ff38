import { spawn } from 'node:child_process';

/** Waits until its input ends, then ends every container of the state root: $1; the rest is the runtime's command line. */
const SCRIPT = `
read -r end
root=$1
shift
for state in "$root"/*/; do
  [ -d "$state" ] && "$@" delete -f "$(basename "$state")"
done
`;

/**
 * Starts the one process that outlives strake when it dies without a word (kill -9): it holds a pipe that the kernel
 * closes at our death. A container is a grandchild, which the kernel's own parent-death signal does not reach.
 */
export function startWatchdog(runtime: readonly string[], stateRoot: string): void {
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'strake-watchdog', stateRoot, ...runtime], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  });
  child.once('error', () => undefined);
  child.stdin.once('error', () => undefined);
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
}
