import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, MEDIA_TYPES, openStore, packLayer } from '..';
import { makeImage } from '../image/make-image';

/** Writes all kinds of things into a store for ever, a line on standard output for each; made to be killed. */
async function writeForEver(root: string): Promise<never> {
  for (let round = 0; ; round += 1) {
    const store = openStore(root);
    store.reclaim();
    const lease = store.lease();
    const snapshot = store.snapshots.begin(lease, null);
    for (let file = 0; file < 20; file += 1) writeFileSync(join(snapshot.directory, `f${file}`), `${process.pid} ${round} ${file}\n`.repeat(file * 10));
    say('filled');
    const diff = packLayer(snapshot.directory, () => undefined);
    snapshot.commit();
    store.snapshots.setDiff(snapshot.id, diff);
    say('committed');
    const blob = await store.blobs.ingest(chunks(round));
    store.layers.set(diff.diffId, { ...diff, snapshot: snapshot.id });
    store.cacheRecords('keys').set(digestOf(snapshot.id), { snapshot: snapshot.id, identity: blob.digest, created: '' });
    say('recorded');
    const layer = { descriptor: { mediaType: MEDIA_TYPES.layer, digest: diff.diffId, size: diff.size }, diffId: diff.diffId, open: () => store.blobs.open(diff.diffId) };
    const image = makeImage({ config: { architecture: 'amd64', os: 'linux', config: {} }, history: [{ created_by: 'write' }], layers: [layer] });
    store.blobs.write(MEDIA_TYPES.config, image.configBytes);
    store.blobs.write(MEDIA_TYPES.manifest, image.manifestBytes);
    store.images.put(image.configDescriptor.digest, image.manifest);
    store.names.set(`docker.io/library/killed:${round % 3}`, image.manifest);
    lease.release();
    say('named');
    if (round % 4 === 3) await store.prune({ end: () => undefined });
    store.close();
    say('pruned');
  }
}

function* chunks(round: number): Generator<Buffer> {
  for (let at = 0; at < 16; at += 1) yield Buffer.alloc(50_000, `${process.pid}${round}`);
}

function say(what: string): void {
  // Synchronous: who reads it knows that what it says has happened.
  writeFileSync(1, `${what}\n`);
}

void writeForEver(process.argv[2] ?? '');
