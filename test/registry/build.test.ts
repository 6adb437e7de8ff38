import { type BuildEvent, StrakeError } from '@strake/api';
import { hostPlatform, openStore } from '@strake/oci';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBuilder, formatError, type BuildOptions, type Builder } from 'strake';
import { createRegistryClient } from '@strake/registry';
import { startScripted, type ScriptedServer } from '../../packages/registry/src/test-support/scripted-server';
import { intoStore, tinyImage, tinyIndex, type TinyImage } from '../../packages/registry/src/test-support/tiny-image';
import { dockerRegistryUnmet, startDockerRegistry, type TestRegistry } from '../engines/docker-registry';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { suite } from '../engines/suite';

const host = { ...hostPlatform() };
const first = tinyImage([Buffer.from('first'), Buffer.from('top')], { platform: host });
const second = tinyImage([Buffer.from('second')], { platform: host });
const index = tinyIndex([{ image: first, platform: host }, { image: tinyImage([Buffer.from('arm')], { platform: { os: 'linux', architecture: 's390x' } }), platform: { os: 'linux', architecture: 's390x' } }]);

suite('FROM asks registries', dockerRegistryUnmet() ?? unmetNeed({ root: true }), () => {
  let registry: TestRegistry;
  /** In front of it, so that what is asked can be counted. */
  let counter: ScriptedServer;
  let down = false;
  let folder: string;
  let folders = 0;
  const builders: Builder[] = [];

  beforeAll(async () => {
    folder = makeFolder('from');
    registry = await startDockerRegistry();
    counter = await startScripted((_request, response, forward) => (down ? response.socket?.destroy() : forward(registry.host)));
    await put(first, 'base:1');
  });

  beforeEach(() => (down = false));

  afterEach(() => Promise.all(builders.splice(0).map((builder) => builder.close())));

  afterAll(async () => {
    await counter.stop();
    await registry.stop();
    await removeFolder(folder);
  });

  async function put(image: TinyImage, name: string): Promise<void> {
    const client = createRegistryClient({ env: { HOME: '/nonexistent' } });
    const store = openStore(newFolder());
    intoStore(store, image, `${registry.host}/${name}`);
    await client.push(store, `${registry.host}/${name}`, `${registry.host}/${name}`, {});
    store.close();
    await client.close();
  }

  const newFolder = (): string => {
    const path = join(folder, String((folders += 1)));
    mkdirSync(path);
    return path;
  };

  interface Place {
    readonly cwd: string;
    readonly store: string;
  }

  const newPlace = (): Place => ({ cwd: newFolder(), store: join(newFolder(), 'store') });

  async function builderOf({ cwd, store }: Place): Promise<Builder> {
    const builder = await createBuilder({ store, cwd, env: { PATH: process.env['PATH'], HOME: '/nonexistent' }, registries: { attempts: 1 } });
    builders.push(builder);
    return builder;
  }

  async function build(place: Place, dockerfile: string, options: BuildOptions = {}): Promise<{ readonly layers: string; readonly events: readonly BuildEvent[]; readonly asked: readonly string[] }> {
    const events: BuildEvent[] = [];
    const before = counter.requests.length;
    writeFileSync(join(place.cwd, 'Dockerfile'), dockerfile);
    const { config } = await (await builderOf(place)).build({ context: place.cwd, ...options, onEvent: (event) => events.push(event) });
    return { layers: config.rootfs.diff_ids.join(), events, asked: counter.requests.slice(before).map(({ path }) => path) };
  }

  const failure = (work: Promise<unknown>): Promise<StrakeError> => work.then(() => Promise.reject(new Error('it did not fail')), (error: unknown) => (error instanceof StrakeError ? error : Promise.reject(error as Error)));
  const blobs = (asked: readonly string[]): readonly string[] => asked.filter((path) => path.includes('/blobs/'));

  test('a change of metadata needs no layer, and an export then brings them', async () => {
    const place = newPlace();
    const { events, asked } = await build(place, `FROM ${counter.host}/base:1\nLABEL a=b\n`);
    expect(blobs(asked)).toHaveLength(1);
    expect(events.filter((event) => event.type === 'started').map((event) => event.note.name)).toEqual([`[internal] load metadata for ${counter.host}/base:1`]);
    expect((await build(place, `FROM ${counter.host}/base:1\nLABEL a=b\n`)).asked).toEqual([]);
    const exported = await build(place, `FROM ${counter.host}/base:1\nLABEL a=b\n`, { outputs: [{ type: 'oci', attributes: { dest: join(place.cwd, 'out.tar') } }] });
    expect(blobs(exported.asked).length).toBe(first.layers.length);
    expect(existsSync(join(place.cwd, 'out.tar'))).toBe(true);
  });

  test('a step on it brings the layers, once, and says so', async () => {
    const place = newPlace();
    const file = `FROM ${counter.host}/base:1\nCOPY Dockerfile /copied\nFROM scratch\nCOPY --from=0 /copied /\nCOPY --from=${counter.host}/base:1 /file0 /\n`;
    const { events, asked } = await build(place, file);
    expect(blobs(asked)).toHaveLength(first.layers.length + 1);
    expect(events.some((event) => event.type === 'progress' && event.progress.label === 'pulling layers')).toBe(true);
    expect((await build(place, file)).asked).toEqual([]);
  });

  test('the dry run asks too, brings no layer and makes nothing', async () => {
    const place = newPlace();
    writeFileSync(join(place.cwd, 'Dockerfile'), `FROM ${counter.host}/base:1\nCOPY Dockerfile /\n`);
    const before = counter.requests.length;
    const planned = await (await builderOf(place)).plan({ context: place.cwd });
    expect(planned.config.config.Env).toContain('A=b');
    expect(blobs(counter.requests.slice(before).map(({ path }) => path))).toHaveLength(1);
    expect(existsSync(place.store)).toBe(false);
    // The same builder builds for real afterwards.
    const builder = await builderOf(place);
    await builder.plan({ context: place.cwd });
    const { imageId } = await builder.build({ context: place.cwd });
    await expect((await builderOf(place)).images().get(imageId)).resolves.toMatchObject({ id: imageId });
  });

  test('policies: missing keeps, always and newer look, never and offline do not ask', async () => {
    const place = newPlace();
    await put(first, 'moving:1');
    const file = `FROM ${counter.host}/moving:1\nLABEL a=b\n`;
    const old = await build(place, file);
    await put(second, 'moving:1');
    expect((await build(place, file)).layers).toBe(old.layers);
    const always = await build(place, file, { pull: 'always' });
    expect(always.layers).not.toBe(old.layers);
    // Nothing is fetched that is here already.
    const again = await build(place, file, { pull: 'newer' });
    expect([again.layers, again.asked.filter((path) => !/\/v2\/$|manifests/.test(path))]).toEqual([always.layers, []]);
    down = true;
    const newer = await build(place, file, { pull: 'newer' });
    expect([newer.layers, newer.events.some((event) => event.type === 'warning' && event.diagnostic.code === 'BaseImageNotChecked')]).toEqual([always.layers, true]);
    expect(await failure(build(place, file, { pull: 'always' }))).toMatchObject({ code: 'REGISTRY_UNREACHABLE', range: { start: { line: 1, column: 6 } } });
    for (const options of [{ pull: 'never' }, { offline: true }] as const) expect((await build(place, file, options)).asked).toEqual([]);
    expect(await failure(build(newPlace(), file, { offline: true }))).toMatchObject({ code: 'IMAGE_MISSING', message: expect.stringContaining('--offline') as unknown });
  });

  test('a digest is asked for by itself, and a second build asks nobody', async () => {
    const place = newPlace();
    const file = `FROM ${counter.host}/base@${first.manifest.digest}\nLABEL a=b\n`;
    const { asked } = await build(place, file);
    expect(asked.filter((path) => path.includes('manifests'))).toEqual([`/v2/base/manifests/${first.manifest.digest}`]);
    expect((await build(place, file, { pull: 'always' })).asked).toEqual([]);
  });

  test('the platform is chosen from an index, another one is brought later, and one that is not there is told', async () => {
    await put(index, 'multi:1');
    const place = newPlace();
    const file = `FROM ${counter.host}/multi:1\nLABEL a=b\n`;
    await build(place, file);
    const other = await build(place, file, { platform: 'linux/s390x' });
    expect(other.asked.filter((path) => path.endsWith('/manifests/1'))).toEqual([]);
    expect(await failure(build(place, file, { platform: 'linux/mips64le' }))).toMatchObject({ code: 'IMAGE_MISSING', hint: expect.stringContaining('linux/s390x') as unknown });
  });

  test('a lock pins what a name stood for', async () => {
    const place = newPlace();
    await put(first, 'locked:1');
    const file = `FROM ${counter.host}/locked:1\nLABEL a=b\n`;
    expect(await failure(build(place, file, { lock: 'frozen' }))).toMatchObject({ code: 'IMAGE_MISSING' });
    const before = await build(place, file, { lock: true });
    expect(JSON.parse(readFileSync(join(place.cwd, 'strake.lock'), 'utf8'))).toEqual({ version: 1, images: { [`${counter.host}/locked:1`]: first.manifest.digest } });
    await put(second, 'locked:1');
    const elsewhere = { ...newPlace(), cwd: place.cwd };
    expect((await build(elsewhere, file, { lock: true, pull: 'always' })).asked.some((path) => path.endsWith('/manifests/1'))).toBe(false);
    expect((await build(elsewhere, file, { lock: 'frozen' })).layers).toBe((await build(elsewhere, file, { lock: true })).layers);
    await build(elsewhere, file, { lock: 'update', pull: 'always' });
    expect(readFileSync(join(place.cwd, 'strake.lock'), 'utf8')).toContain(second.manifest.digest);
    expect(before.asked.length).toBeGreaterThan(0);
    expect(readdirSync(place.cwd).sort()).toEqual(['Dockerfile', 'strake.lock']);
  });

  test('errors stand at the name, with what the registry says and the nearest name that is here', async () => {
    const place = newPlace();
    await build(place, `FROM ${counter.host}/base:1\nLABEL a=b\n`);
    const error = await failure(build(place, `FROM ${counter.host}/bsae:1\n`));
    expect(error).toMatchObject({ code: 'IMAGE_MISSING', range: { start: { line: 1, column: 6 } }, hint: expect.stringContaining(`${counter.host}/base:1`) as unknown });
    expect(formatError(error, { color: false })).toMatch(/^Dockerfile:1:6: .*MANIFEST_UNKNOWN: manifest unknown\n1 \| FROM .*\n\s+\| +\^+\nhint: Did you mean/);
    const copied = await failure(build(place, `FROM scratch\nCOPY --from=${counter.host}/nothing:1 /a /\n`));
    expect(copied).toMatchObject({ code: 'IMAGE_MISSING', range: { start: { line: 2 } } });
  });
});
