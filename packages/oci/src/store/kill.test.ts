import { randomNumbers } from '@strake/testing';
import { buildSync } from 'esbuild';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { openImage, openStore, validate, type Store } from '..';
import type { CachedSnapshot } from '../prune/needed-content';

const ROUNDS = 30;
const REPOSITORY = resolve(__dirname, '..', '..', '..', '..');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'strake-kill-'));
  buildSync({
    entryPoints: [join(__dirname, '..', 'test-support', 'store-writer.ts')],
    outfile: join(folder, 'writer.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['koffi'],
    tsconfig: join(REPOSITORY, 'tsconfig.test.json'),
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a writer and kills it a random while after one of its first lines. */
async function killedWriter(root: string, lines: number, spins: number): Promise<void> {
  const writer = spawn(process.execPath, [join(folder, 'writer.cjs'), root], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_PATH: join(REPOSITORY, 'node_modules') } });
  const closed = once(writer, 'close');
  let left = lines;
  for await (const line of createInterface({ input: writer.stdout })) {
    expect(line).not.toBe('');
    left -= 1;
    if (left > 0) continue;
    // What the writer does now takes a millisecond or less: turns of this loop divide it, a timer would not.
    for (let spin = 0; spin < spins; spin += 1) existsSync(root);
    writer.kill('SIGKILL');
    break;
  }
  await closed;
  expect(writer.signalCode).toBe('SIGKILL');
}

async function check(store: Store): Promise<void> {
  for (const id of store.snapshots.list()) expect(store.snapshots.has(id)).toBe(true);
  for (const { manifest } of [...store.images.list(), ...store.names.list()]) expect(await validate(openImage(store, manifest))).toEqual([]);
  for (const [, { snapshot }] of store.cacheRecords<CachedSnapshot>('keys').list()) expect(store.snapshots.has(snapshot)).toBe(true);
  for (const digest of store.blobs.list()) expect(() => store.blobs.read(digest)).not.toThrow();
}

test(`a store whose writer was killed is valid, ${ROUNDS} times`, async () => {
  const root = join(folder, 'store');
  const random = randomNumbers(20);
  for (let round = 0; round < ROUNDS; round += 1) {
    await killedWriter(root, 1 + random.below(24), random.below(3000));
    const store = openStore(root);
    await check(store);
    store.reclaim();
    expect(readdirSync(join(root, 'tmp')).length).toBeLessThanOrEqual(1);
    store.close();
  }
  const store = openStore(root);
  await store.prune({ all: true });
  await check(store);
  expect(store.names.list().length).toBeGreaterThan(0);
  store.close();
}, 120_000);
