import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRuntime, type Runtime, type RunSpec } from '../runtime';
import { hasBusybox, writeBusyboxRootfs } from './busybox-rootfs';

/** A runtime with a busybox tree to run in, in a temporary folder. */
export interface BusyboxRuntime {
  readonly runtime: Runtime;
  readonly folder: string;
  readonly rootfs: string;
  /** Runs with defaults for what `change` leaves out; both streams become one text. */
  run(args: readonly string[], change?: Partial<RunSpec>): Promise<{ readonly exitCode: number; readonly output: string }>;
  remove(): void;
}

/** Why a runtime cannot be tested here, or undefined. */
export function whyUntested(name: string): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root';
  if (!hasBusybox) return 'needs busybox';
  const found = findRuntime({ ...process.env, STRAKE_RUNTIME: name }, { stateRoot: '/nowhere', cacheDirectory: '/nowhere' });
  return 'reason' in found ? found.reason : undefined;
}

export function openBusyboxRuntime(name: string): BusyboxRuntime {
  const folder = mkdtempSync(join(tmpdir(), 'strake-run-'));
  const rootfs = join(folder, 'rootfs');
  mkdirSync(rootfs);
  writeBusyboxRootfs(rootfs);
  const runtime = findRuntime({ ...process.env, STRAKE_RUNTIME: name }, { stateRoot: join(folder, 'state'), cacheDirectory: join(folder, 'cache') });
  if ('reason' in runtime) throw new Error(runtime.reason);
  let number = 0;
  return {
    runtime,
    folder,
    rootfs,
    async run(args, change = {}) {
      let output = '';
      const bundle = mkdtempSync(join(folder, 'bundle-'));
      const { exitCode } = await runtime.run({
        id: `t${++number}`, rootfs, bundle, args, env: ['PATH=/bin'], cwd: '/', user: { uid: 0, gid: 0, additionalGids: [] }, network: 'default', hostname: 'strake', mounts: [],
        signal: new AbortController().signal, log: (_, data) => (output += data.toString()), ...change,
      });
      return { exitCode, output };
    },
    remove() {
      runtime.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The processes of this machine with a text in their command line. */
export function processesWith(marker: string): readonly number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => commandLine(pid).includes(marker));
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
