import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../engines/run';
import { suite } from '../engines/suite';
import { buildsUnmet, Machines, shell, type Machine, type Outcome } from '../remote-caches/two-machines';
import { startGha, type GhaServer } from './gha-server/gha-server';
import { BUCKET, KEY, REGION, startS3, type S3Server } from './s3-server/s3-server';

jest.setTimeout(120_000);

/** Two stages; the second takes one file of the first. */
const app = `${shell}FROM shell AS build
COPY src /src
RUN cat /src/* > /made && echo noise > /noise
FROM shell AS app
COPY --from=build /made /made
RUN echo last > /last
`;

const all = (outcome: Outcome): readonly string[] => [...new Set(Object.values(outcome))];

type Intercept = NonNullable<Parameters<typeof startS3>[0]>['intercept'];

suite('builds with caches of services', buildsUnmet, () => {
  let machines: Machines;
  let s3: S3Server;
  let gha: GhaServer;
  let spoil: Intercept;
  const intercept: Intercept = (request, response) => spoil?.(request, response) === true;
  beforeAll(async () => {
    machines = new Machines('cache-services');
    machines.write('src/a', 'a\n');
    [s3, gha] = await Promise.all([startS3({ intercept }), startGha({ intercept })]);
  });
  afterEach(() => (spoil = undefined));
  afterAll(async () => {
    await machines.end();
    await s3.stop();
    await gha.stop();
  });

  const machine = (): Promise<Machine> => machines.machine({
    env: {
      HOME: machines.folder, PATH: process.env['PATH'], AWS_ACCESS_KEY_ID: KEY.id, AWS_SECRET_ACCESS_KEY: KEY.secret,
      ACTIONS_RESULTS_URL: gha.url, ACTIONS_RUNTIME_TOKEN: gha.token, ACTIONS_CACHE_SERVICE_V2: 'true',
    },
  });

  const places = [
    ['s3', () => `type=s3,bucket=${BUCKET},region=${REGION},endpoint_url=${s3.url},name=app`, `s3 ${BUCKET}/manifests/app`],
    ['gha', () => 'type=gha,scope=app', 'gha app'],
  ] as const;

  describe.each(places)('%s', (type, place, name) => {
    const from = (): { readonly cacheFrom: readonly string[] } => ({ cacheFrom: [place()] });

    test('another machine finds every step', async () => {
      const first = await machine();
      const made = await first.build(app, { cacheTo: [`${place()},mode=max`] });
      expect(all(made.steps)).toEqual(['made']);
      expect(made.tasks).toEqual([`exporting cache to ${name}`]);
      const second = await machine();
      const found = await second.build(app, from());
      expect([all(found.steps), found.imageId, found.warnings]).toEqual([[name], made.imageId, []]);
      // What changes is made on what was found.
      const third = await machine();
      const changed = await third.build(app.replace('echo last', 'cat /made && echo other'), from());
      expect(Object.values(changed.steps).filter((what) => what === 'made')).toHaveLength(1);
    });

    test('an export of what is there sends its document alone', async () => {
      const first = await machine();
      await first.build(app, from());
      const before = type === 's3' ? s3.asked.length : gha.asked.length;
      await first.build(app, { cacheTo: [`${place()},mode=min`] });
      const sent = type === 's3' ? s3.asked.slice(before).filter(({ line }) => /^(?:PUT|POST)/.test(line)).map(({ line }) => line) : gha.asked.slice(before).filter((line) => line.startsWith('PUT') || line.startsWith('POST Finalize'));
      expect(sent).toHaveLength(type === 's3' ? 1 : 2);
    });

    test('a document that makes no sense is a warning', async () => {
      spoil = (request, response) => request.method === 'GET' && !response.writeHead(200).end('{"version":99}').headersSent === false;
      const second = await machine();
      const uncached = await second.build(app, from());
      expect([all(uncached.steps), uncached.warnings.map(({ code }) => code)]).toEqual([['made'], ['CacheNotImported']]);
      spoil = undefined;
      expect(all((await second.build(app)).steps)).toEqual(['here']);
    });

    test('a place that sends elsewhere is a warning, and nobody there sees a credential', async () => {
      const seen: string[] = [];
      const elsewhere = await startS3({ intercept: (request, response) => {
        seen.push(request.url ?? '');
        response.writeHead(500).end();
        return true;
      } });
      spoil = (_, response) => !response.writeHead(307, { location: `${elsewhere.url}/` }).end().headersSent === false;
      const { steps, warnings } = await (await machine()).build(app, from());
      expect([all(steps), warnings.map(({ code }) => code)]).toEqual([['made'], ['CacheNotImported']]);
      expect(seen).toEqual([]);
      await elsewhere.stop();
    });

    test('a layer that is damaged is a warning: its step is made again', async () => {
      const second = await machine();
      const changed = app.replace('echo last', 'cat /made && echo another');
      let layers = 0;
      spoil = (request, response) => {
        if (request.method !== 'GET' || (type === 's3' ? !request.url?.includes('blobs/') : layers++ === 0)) return false;
        response.writeHead(200).end(Buffer.alloc(5000, 'x'));
        return true;
      };
      const { steps, warnings } = await second.build(changed, from());
      expect([all(steps), [...new Set(warnings.map(({ code }) => code))]]).toEqual([['made'], ['CacheLayersLost']]);
      spoil = undefined;
      expect(all((await second.build(changed)).steps)).toEqual(['here']);
    });

    test('a cache that cannot be written fails the build, or warns where that is wanted', async () => {
      spoil = (_, response) => !response.writeHead(403).end('<Error><Code>AccessDenied</Code><Message>no</Message></Error>').headersSent === false;
      const first = await machine();
      await expect(first.build(app, { cacheTo: [place()] })).rejects.toMatchObject({ code: 'CACHE_DENIED' });
      expect((await first.build(app, { cacheTo: [`${place()},ignore-error=true`] })).warnings).toMatchObject([{ code: 'CacheNotExported' }]);
    });

    test('who is killed in the middle of an export leaves the cache that was there', async () => {
      const other = app.replace('echo last', 'echo killed');
      const text = `require('strake').createBuilder({ store: ${JSON.stringify(join(machines.folder, `killed-${type}`))}, cwd: ${JSON.stringify(machines.folder)} })
        .then((builder) => builder.build({ context: 'context', dockerfile: { text: ${JSON.stringify(other)}, name: 'Dockerfile' }, cacheTo: [${JSON.stringify(place())} + ',mode=max'] })).catch(() => undefined)`;
      const env = { ...process.env, AWS_ACCESS_KEY_ID: KEY.id, AWS_SECRET_ACCESS_KEY: KEY.secret, ACTIONS_RESULTS_URL: gha.url, ACTIONS_RUNTIME_TOKEN: gha.token, ACTIONS_CACHE_SERVICE_V2: 'true' };
      const child = spawn(process.execPath, ['-e', text], { cwd: join(__dirname, '../../packages/cli'), env, stdio: 'ignore' });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      const sent = (request: { readonly method?: string | undefined }): boolean => request.method === 'PUT';
      // At the first byte of the export; what is asked then is never answered.
      spoil = (request) => sent(request) && child.kill('SIGKILL');
      await ended;
      expect(child.signalCode).toBe('SIGKILL');
      spoil = undefined;
      const second = await machine();
      const found = await second.build(app, from());
      expect([all(found.steps), found.warnings]).toEqual([[name], []]);
    });
  });

  test('offline they are refused', async () => {
    for (const [type, place] of places) await expect((await machine()).build(app, { cacheFrom: [place()], offline: true })).rejects.toMatchObject({ code: 'USAGE', message: `a cache of type=${type} cannot be had offline` });
  });

  test('outside a workflow `--cache-from type=gha` is a warning, and `--cache-to` an error before anything runs', async () => {
    const plain = await machines.machine();
    expect((await plain.build(shell, { cacheFrom: ['type=gha'] })).warnings).toMatchObject([{ code: 'CacheNotImported' }]);
    await expect(plain.build(shell, { cacheTo: ['type=gha'] })).rejects.toMatchObject({ code: 'USAGE', message: '--cache-to type=gha: there is no token' });
  });
});

const bundle = join(__dirname, '../../packages/cli/dist/strake.cjs');

suite('the command', existsSync(bundle) ? buildsUnmet : 'needs the bundle', () => {
  test('loads nothing of a service that is not asked', async () => {
    const { output } = await run([process.execPath, '-e', `process.argv.push('version'); require('./start.cjs'); process.on('exit', () => console.log(Object.keys(require.cache).filter((name) => /aws/.test(name)).length + ' of AWS'))`], { cwd: join(bundle, '..') });
    expect(output).toMatch(/0 of AWS/);
  });
});
