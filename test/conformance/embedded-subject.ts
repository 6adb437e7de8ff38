import type { ApplyOptions, Backend, CopyOp, Vertex } from '@strake/api';
import { createEmbeddedBackend } from '@strake/backend-embedded';
import { createContext } from '@strake/context';
import { openStore, type Store } from '@strake/oci';
import type { BackendSubject } from '@strake/testing';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Why the embedded backend cannot make anything here, or undefined. */
export function whyNotEmbedded(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux';
  return existsSync('/bin/busybox') ? undefined : 'not installed: busybox-static';
}

/** An embedded backend on a store that holds a base image, a static shell; made once for many tests. */
export interface EmbeddedLaboratory {
  readonly subject: BackendSubject;
  close(): void;
}

export async function embeddedLaboratory(wrap: (backend: Backend) => Backend = (backend) => backend): Promise<EmbeddedLaboratory> {
  const folder = mkdtempSync(join(tmpdir(), 'strake-embedded-'));
  const store = openStore(join(folder, 'store'));
  const backend = createEmbeddedBackend({ store, env: process.env });
  await makeBase(store, backend, join(folder, 'context'));
  return {
    subject: { backend: wrap(backend), base: BASE, close: async () => undefined },
    close: () => {
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const BASE = 'example.test/base:1';

async function makeBase(store: Store, backend: Backend, context: string): Promise<void> {
  mkdirSync(context);
  copyFileSync('/bin/busybox', join(context, 'sh'));
  const signal = new AbortController().signal;
  const session = await backend.open({ contexts: new Map([['', createContext(context, { name: '.' })]]), extraHosts: [], signal });
  const copy: CopyOp = { type: 'copy', input: 0, sources: ['sh'], destination: '/bin/sh', chmod: '755' };
  const vertex: Vertex = { digest: `sha256:${'0'.repeat(64)}`, ops: [copy], parent: null, inputs: [], note: { name: 'base', stage: 'base' } };
  const quiet: ApplyOptions = { signal, log: () => undefined, progress: () => undefined };
  const root = await session.apply(vertex, null, [{ kind: 'context', name: '' }], quiet);
  const platform = { os: 'linux', architecture: process.arch === 'arm64' ? 'arm64' : 'amd64' };
  const image = await session.image({ platform, root: null, config: { ...platform, config: {} }, history: [{ created_by: 'base' }] }, root);
  store.names.set(BASE, image.manifest);
  await session.close();
}
