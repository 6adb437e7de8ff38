import { runControl } from '@strake/extension-run-control';
import { makeIndex, openStore } from '@strake/oci';
import { createMemoryBackend, memoryImage } from '@strake/testing';
import { createBuilder, type Builder, type CacheChoice } from 'strake';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { EditKinds } from './edited-build';
import { EditedFiles } from './edited-files';
import { shell } from './programs';

/** What edited builds are planned and built on. */
export interface PlanSubject {
  readonly kinds: EditKinds;
  open(cache: CacheChoice): Promise<Builder>;
  /** Takes snapshots away: all, or some. */
  prune(builder: Builder, all: boolean): Promise<void>;
}

const TRIGGERS = ['ARG V', 'COPY other /on', 'RUN echo $V $MODE > /v'] as const;

/** Real files and programs. Needs root, busybox and what RUN needs. */
export async function realSubject(folder: string): Promise<PlanSubject> {
  const store = join(folder, 'store');
  await makeBases(join(folder, 'base'), store);
  return {
    kinds: { all: false },
    open: (cache) => createBuilder({ store, cache, plugins: [runControl] }),
    prune: async (builder, all) => void (await builder.images().prune({ all, dryRun: false })),
  };
}

/** The same with trees that are maps, and functions as programs: a hundred times as fast. */
export async function memorySubject(folder: string): Promise<PlanSubject> {
  const root = join(folder, 'store');
  const images = Object.fromEntries([['base:1', { Env: ['BASE=1'] }], ['base:2', { Env: ['BASE=2'] }], ['onbuild:1', { OnBuild: TRIGGERS }]].map(([name, config]) => [name as string, { config: config as object, files: { 'bin/busybox': '' } }]));
  nameImages(root, images);
  const byName = Object.fromEntries(Object.entries(images).flatMap(([name, image]) => [[name, image], [`docker.io/library/${name}`, image]]));
  const backend = createMemoryBackend({ images: byName, programs: { '*': shell } });
  return {
    kinds: { all: true },
    open: (cache) => createBuilder({ store: root, cache, backend: () => backend, plugins: [runControl] }),
    prune: async (_builder, all) => backend.forget(...(all ? [] : backend.applied.filter((_name, at) => at % 3 === 0).slice(-9))),
  };
}

/** Manifests and configs, which is all that a build must know of base images. */
export function nameImages(root: string, images: Readonly<Record<string, { readonly config: object; readonly files?: Readonly<Record<string, string>> }>>): void {
  const store = openStore(root);
  for (const [name, { config, files = {} }] of Object.entries(images)) {
    const entries = ['amd64', 'arm64'].map((architecture) => {
      const image = memoryImage({ config, layers: [files], platform: { os: 'linux', architecture } });
      store.blobs.write(image.configDescriptor.mediaType, image.configBytes);
      return { ...store.blobs.write(image.manifest.mediaType, image.manifestBytes), platform: { os: 'linux', architecture } };
    });
    const { descriptor, bytes } = makeIndex(entries);
    store.names.set(`docker.io/library/${name}`, store.blobs.write(descriptor.mediaType, bytes));
  }
  store.close();
}

async function makeBases(context: string, store: string): Promise<void> {
  EditedFiles.writeBase(context);
  const builder = await createBuilder({ store });
  const start = 'FROM scratch\nCOPY busybox /bin/busybox\nCOPY busybox /bin/sh\nENV PATH=/bin';
  for (const [tag, more] of [['base:1', ' BASE=1'], ['base:2', ' BASE=2'], ['onbuild:1', TRIGGERS.map((trigger) => `\nONBUILD ${trigger}`).join('')]] as const) {
    await builder.build({ context, dockerfile: { text: `${start}${more}\n`, name: 'Dockerfile' }, tags: [tag] });
  }
  await builder.close();
  rmSync(context, { recursive: true });
}
