import { hostPlatform, openStore, type Store } from '@strake/oci';
import { createRegistryClient, type RegistryClient } from '@strake/registry';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { dockerRegistryUnmet, startDockerRegistry, type TestRegistry } from '../engines/docker-registry';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { suite } from '../engines/suite';
import { intoStore, tinyImage, tinyIndex } from '../../packages/registry/src/test-support/tiny-image';

const env = { HOME: '/nonexistent', PATH: process.env['PATH'] };
const [amd, arm] = [{ os: 'linux', architecture: 'amd64' }, { os: 'linux', architecture: 'arm64' }];

suite('images go to a registry and come back with their digests', dockerRegistryUnmet(), () => {
  let registry: TestRegistry;
  let client: RegistryClient;
  let folder: string;
  let stores = 0;
  const newStore = (): Store => openStore(join(folder, `store${(stores += 1)}`));

  beforeAll(async () => {
    folder = makeFolder('round-trip');
    registry = await startDockerRegistry();
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
