import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApplyOptions, Backend, BackendSession, CopyInput, CopyOp, Op, SnapshotReference, Vertex } from '@strake/api';
import { createContext } from '@strake/context';
import { openStore, type Store } from '@strake/oci';
import { createEmbeddedBackend } from '..';

/** Whether mounts can be made here. */
export const canMount = process.getuid?.() === 0 && process.platform === 'linux';

/** A session on a store and a context of its own. */
export class RealSession {
  readonly folder = mkdtempSync(join(tmpdir(), 'strake-real-'));
  readonly store: Store = openStore(join(this.folder, 'store'));
  readonly backend: Backend = createEmbeddedBackend({ store: this.store, env: process.env });
  private readonly sessions: BackendSession[] = [];

  constructor() {
    mkdirSync(join(this.folder, 'context'));
  }

  async open(backend = this.backend): Promise<BackendSession> {
    const contexts = new Map([['', createContext(join(this.folder, 'context'), { name: '.' })]]);
    const session = await backend.open({ contexts, extraHosts: [], signal: new AbortController().signal });
    this.sessions.push(session);
    return session;
  }

  /** Writes a file of the context. */
  put(path: string, content: string | Buffer = path, mode = 0o644): string {
    const file = join(this.folder, 'context', path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, content);
    chmodSync(file, mode);
    return file;
  }

  /** A path in the directory of a snapshot's differences. */
  at({ id }: SnapshotReference, path = ''): string {
    return join(this.store.snapshots.directory(id), path);
  }

  async close(): Promise<void> {
    await Promise.all(this.sessions.map((session) => session.close()));
    this.store.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Applies ops; input 0 is the build context unless another is given. */
export function applyOps(session: BackendSession, parent: SnapshotReference | null, ops: readonly Op[], inputs: readonly CopyInput[] = [{ kind: 'context', name: '' }]): Promise<SnapshotReference> {
  const vertex: Vertex = { digest: 'sha256:0', ops, parent: null, inputs: [], note: { name: 'test', stage: '0' } };
  const options: ApplyOptions = { signal: new AbortController().signal, log: () => undefined, progress: () => undefined };
  return session.apply(vertex, parent, inputs, options);
}

export const copyOp = (sources: readonly string[], destination: string, more: Partial<CopyOp> = {}): CopyOp => ({ type: 'copy', input: 0, sources, destination, ...more });

export const runOp = (script: string): Op => ({ type: 'exec', args: ['/bin/sh', '-c', script], env: ['PATH=/bin'], cwd: '/', user: '', network: 'none' });

/** Puts busybox into the context's `bin`. A context is read once: all files must be there before the first copy. */
export function putBusybox(real: RealSession, applets: readonly string[] = ['rm', 'mkdir', 'mknod']): void {
  const shell = real.put('bin/sh', readFileSync('/bin/busybox'), 0o755);
  for (const applet of applets) symlinkSync('sh', join(shell, '..', applet));
}
