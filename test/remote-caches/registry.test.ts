import { startScripted, type ScriptedServer } from '../../packages/registry/src/test-support/scripted-server';
import type { TestRegistry } from '../engines/docker-registry';
import { registries } from '../engines/registries';
import { suite } from '../engines/suite';
import { buildsUnmet, Machines, shell, type Machine } from './two-machines';

jest.setTimeout(120_000);

const push = [{ type: 'image', attributes: { push: 'true' } }];

describe.each(registries)('$name', ({ unmet, start }) => {
  suite('a cache in it', unmet() ?? buildsUnmet, () => {
    let registry: TestRegistry;
    /** In front of it, so that what is asked can be told. */
    let counter: ScriptedServer;
    let withoutBlobs = false;
    let machines: Machines;
    let first: Machine;
    let base: string;
    let app: string;
    const name = (reference: string): string => `${counter.host}/${reference}`;
    /** The blobs that were read, and those that were uploaded, since the last question. */
    let seen = 0;
    const moved = (): { readonly read: number; readonly uploaded: number; readonly mounted: number } => {
      const asked = counter.requests.slice(seen);
      seen = counter.requests.length;
      return {
        read: asked.filter(({ method, path }) => method === 'GET' && path.includes('/blobs/sha256')).length,
        uploaded: asked.filter(({ method, path }) => method === 'PUT' && path.includes('/blobs/')).length,
        mounted: asked.filter(({ path }) => path.includes('mount=')).length,
      };
    };

    beforeAll(async () => {
      registry = await start();
      counter = await startScripted((request, response, forward) => {
        if (!withoutBlobs || request.method !== 'GET' || !/\/blobs\/sha256/.test(request.url ?? '')) return forward(registry.host);
        response.writeHead(404, { 'content-type': 'application/json' }).end('{"errors":[{"code":"BLOB_UNKNOWN"}]}');
      });
      machines = new Machines('remote-registry');
      machines.write('src/a', 'a\n');
      first = await machines.machine();
      base = name('base:1');
      await first.build(`${shell}RUN echo base > /base\n`, { tags: [base], outputs: push });
      app = `FROM ${base} AS build\nCOPY src /src\nRUN cat /src/* > /made && echo noise > /noise\nFROM ${base} AS app\nCOPY --from=build /made /made\nRUN echo last > /last\n`;
    });
    afterAll(async () => {
      await machines.end();
      await counter.stop();
      await registry.stop();
    });
    beforeEach(() => void moved());

    test('layers of the base image are not written; what is there already is not written again', async () => {
      const cacheTo = [`type=registry,ref=${name('app:max')},mode=max`];
      const made = await first.build(app, { cacheTo, tags: [name('made')] });
      expect(made.tasks).toEqual([`exporting cache to registry ${name('app:max')}`]);
      // Of the two stages COPY and RUN each have a layer, two of which are the same; and the document.
      expect(moved()).toEqual({ read: 0, uploaded: 4 + 1, mounted: 0 });
      await first.build(app, { cacheTo });
      expect(moved()).toEqual({ read: 0, uploaded: 0, mounted: 0 });
    });

    test('a cached build that is pushed there brings no layer', async () => {
      const second = await machines.machine();
      const { steps, imageId } = await second.build(app, { cacheFrom: [name('app:max')], tags: [name('pushed:1')], outputs: push });
      expect(steps).toEqual(Object.fromEntries(Object.keys(steps).map((step) => [step, `registry ${name('app:max')}`])));
      // The document, and the config of the base image.
      expect(moved()).toMatchObject({ read: 2, uploaded: 1 });
      expect(second.content().snapshots).toBe(0);
      expect(imageId).toBe((await first.build(app)).imageId);
      const third = await machines.machine();
      await third.builder.registries().pull(name('pushed:1'));
      expect((await third.builder.images().list())[0]?.id).toBe(imageId);
      // Without the cache it is cached too, and one step more needs the layers that it stands on alone.
      expect(Object.values((await second.build(app)).steps)).toEqual(Object.keys(steps).map(() => 'here'));
      moved();
      const { steps: more } = await second.build(`${app}RUN cat /last /made > /both\n`);
      expect(Object.values(more).filter((what) => what !== 'here')).toEqual(['made']);
      expect(moved().read).toBe(5);
    });

    test('an image with its cache in it', async () => {
      const tag = name('inline:1');
      const { imageId } = await first.build(app, { cacheTo: ['type=inline'], tags: [tag], outputs: push });
      const second = await machines.machine();
      const found = await second.build(app, { cacheFrom: [`type=registry,ref=${tag}`], cacheTo: [{ type: 'inline' }] });
      expect([new Set(Object.values(found.steps)), found.imageId]).toEqual([new Set([`registry ${tag}`]), imageId]);
      const { steps } = await (await machines.machine()).build(app.replace('echo last', 'echo other'), { cacheFrom: [tag] });
      expect(Object.values(steps).filter((what) => what === 'made')).toHaveLength(1);
    });

    test('an image without one, a cache of another builder, and no such reference are warnings', async () => {
      const second = await machines.machine();
      const { warnings } = await second.build(app, { cacheFrom: [base, name('nothing:1'), '127.0.0.1:1/unreachable'] });
      expect(warnings).toMatchObject([
        { code: 'CacheNotImported', message: expect.stringContaining('an image without a cache in it') as string },
        { code: 'CacheNotImported', message: expect.stringContaining('nothing:1') as string },
        { code: 'CacheNotImported', message: expect.stringContaining('127.0.0.1:1') as string },
      ]);
    });

    test('a step whose layer is gone from the registry is made again', async () => {
      const second = await machines.machine();
      await first.build(app, { cacheTo: [`type=registry,ref=${name('gone:1')},mode=max`] });
      await second.build(app, { cacheFrom: [name('gone:1')] });
      const more = `${app}RUN cat /last\n`;
      // The base image's layers are there.
      await second.build(`FROM ${base}\nRUN cat /base\n`);
      withoutBlobs = true;
      const { steps, warnings } = await second.build(more);
      withoutBlobs = false;
      expect(new Set(warnings.map(({ code }) => code))).toEqual(new Set(['CacheLayersLost']));
      expect(Object.values(steps)).toContain('made');
    });

    test('several platforms in one cache', async () => {
      const text = `FROM scratch\nARG TARGETARCH\nCOPY src /$TARGETARCH\nCOPY src /all\n`;
      const platforms = ['linux/amd64', 'linux/arm64'];
      const cacheTo = [`type=registry,ref=${name('many:1')}`];
      const made = await first.build(text, { platforms, cacheTo, tags: [name('many:image')], outputs: push });
      const second = await machines.machine();
      const found = await second.build(text, { platforms, cacheFrom: [name('many:1')] });
      expect(new Set(Object.values(found.steps))).toEqual(new Set([`registry ${name('many:1')}`]));
      expect(found.images.map(({ imageId }) => imageId)).toEqual(made.images.map(({ imageId }) => imageId));
    });
  });
});
