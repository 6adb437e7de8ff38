import { hostPlatform, openStore, type Store } from '@strake/oci';
import { createRegistryClient, type RegistryClient } from '@strake/registry';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { TestRegistry } from '../engines/docker-registry';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { registries } from '../engines/registries';
import { suite } from '../engines/suite';
import { intoStore, tinyImage, tinyIndex } from '../../packages/registry/src/test-support/tiny-image';

const env = { HOME: '/nonexistent', PATH: process.env['PATH'] };
const [amd, arm] = [{ os: 'linux', architecture: 'amd64' }, { os: 'linux', architecture: 'arm64' }];

for (const { name: maker, unmet, start } of registries) suite(`images go to ${maker} and come back with their digests`, unmet(), () => {
  let registry: TestRegistry;
  let client: RegistryClient;
  let folder: string;
  let stores = 0;
  const newStore = (): Store => openStore(join(folder, `store${(stores += 1)}`));

  beforeAll(async () => {
    folder = makeFolder('round-trip');
    registry = await start();
    client = createRegistryClient({ env });
  });

  afterAll(async () => {
    await client.close();
    await registry.stop();
    await removeFolder(folder);
  });

  it.each([['OCI', false], ['Docker', true]] as const)('one image with %s media types', async (_, docker) => {
    const [from, to] = [newStore(), newStore()];
    const image = tinyImage([randomBytes(3_000_000), Buffer.from('small'), Buffer.alloc(0)], { docker });
    const name = `${registry.host}/app/${docker ? 'docker' : 'oci'}:1`;
    intoStore(from, image, name);
    const pushed = await client.push(from, name, name, {});
    expect(pushed.descriptor).toEqual(image.manifest);
    const pulled = await client.pull(to, name, { platform: hostPlatform() });
    expect(pulled.descriptor).toEqual(image.manifest);
    for (const [digest, bytes] of image.blobs) expect(to.blobs.read(digest).equals(bytes)).toBe(true);
    expect(to.names.get(name)?.manifest).toEqual(image.manifest);
    for (const store of [from, to]) store.close();
  });

  it('a build\'s layers are compressed on their way, skipped the next time and mounted by neighbours', async () => {
    const [from, to] = [newStore(), newStore()];
    const image = tinyImage([randomBytes(2_500_000), Buffer.alloc(2_500_000, 'text ')], { plain: true });
    const name = `${registry.host}/built:1`;
    intoStore(from, image, name);
    const pushed = await client.push(from, name, name, {});
    const states: string[] = [];
    const again = await client.push(from, name, `${registry.host}/built:2`, {}, { progress: ({ state }) => void states.push(state) });
    expect(again.descriptor).toEqual(pushed.descriptor);
    expect(new Set(states)).toEqual(new Set(['waiting', 'exists']));
    await client.push(from, name, `${registry.host}/neighbour:1`, {});
    const pulled = await client.pull(to, `${registry.host}/neighbour:1`, {});
    expect(pulled.descriptor).toEqual(pushed.descriptor);
    for (const store of [from, to]) store.close();
  });

  it('pieces, and tags page by page', async () => {
    const from = newStore();
    const pieces = createRegistryClient({ env, registries: { chunkSize: 1_000_000 } });
    const name = `${registry.host}/pieces`;
    const image = tinyImage([randomBytes(3_400_000)]);
    intoStore(from, image, `${name}:a`);
    try {
      for (const tag of ['a', 'b', 'c']) expect((await pieces.push(from, `${name}:a`, `${name}:${tag}`, {})).descriptor).toEqual(image.manifest);
      expect([...await client.tags(name)].sort()).toEqual(['a', 'b', 'c']);
    } finally {
      await pieces.close();
      from.close();
    }
  });

  it('an index with all its platforms, and one platform of it', async () => {
    const [from, one, all] = [newStore(), newStore(), newStore()];
    const [first, second] = [tinyImage([Buffer.from('amd')], { platform: amd }), tinyImage([Buffer.from('arm')], { platform: arm })];
    const index = tinyIndex([{ image: first, platform: amd }, { image: second, platform: arm }]);
    const name = `${registry.host}/multi:1`;
    intoStore(from, index, name);
    expect((await client.push(from, name, name, {})).descriptor).toEqual(index.manifest);
    await client.pull(one, name, { platform: arm });
    expect(one.names.get(name)?.manifest.digest).toBe(index.manifest.digest);
    expect([one.blobs.has(second.manifest.digest), one.blobs.has(first.manifest.digest)]).toEqual([true, false]);
    await client.pull(all, name, { allPlatforms: true });
    for (const digest of index.blobs.keys()) expect(all.blobs.has(digest)).toBe(true);
    for (const store of [from, one, all]) store.close();
  });
});
