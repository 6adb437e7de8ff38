import type { Image, Layer } from '@strake/api';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimes } from '@strake/syscalls';
import { makeImage, MEDIA_TYPES, openImage, packLayer, type Store } from '..';

/** Puts an image into a store as a build does: each layer a snapshot, filled by a function, that is packed but kept as files. */
export function sampleImage(store: Store, fills: readonly ((directory: string) => void)[] = [fillSmall]): Image {
  const lease = store.lease();
  const layers: Layer[] = [];
  let parent: string | null = null;
  for (const fill of fills) {
    const snapshot = store.snapshots.begin(lease, parent);
    fill(snapshot.directory);
    const { diffId, size } = packLayer(snapshot.directory, () => undefined);
    snapshot.commit({ diffId, size });
    store.layers.set(diffId, { diffId, size, snapshot: snapshot.id });
    layers.push({ descriptor: { mediaType: MEDIA_TYPES.layer, digest: diffId, size }, diffId, open: never });
    parent = snapshot.id;
  }
  lease.release();
  const history = layers.map((_, at) => ({ created_by: `step ${at}` }));
  const made = makeImage({ config: { architecture: 'amd64', os: 'linux', config: { Env: ['PATH=/bin'], Cmd: ['sh'] } }, history, layers });
  store.blobs.write(MEDIA_TYPES.config, made.configBytes);
  store.blobs.write(MEDIA_TYPES.manifest, made.manifestBytes);
  store.images.put(made.configDescriptor.digest, made.manifest);
  return openImage(store, made.manifest);
}

/** A few files with fixed times. */
export function fillSmall(directory: string): void {
  mkdirSync(join(directory, 'bin'));
  writeFileSync(join(directory, 'bin', 'sh'), '#!');
  chmodSync(join(directory, 'bin', 'sh'), 0o755);
  symlinkSync('sh', join(directory, 'bin', 'ash'));
  writeFileSync(join(directory, 'text'), 'hello\n'.repeat(1000));
  for (const path of ['text', 'bin/ash', 'bin/sh', 'bin']) setTimes(join(directory, path), 1_700_000_000n * 1_000_000_000n);
}

function never(): never {
  throw new Error('not opened');
}
