import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unmetNeed } from '../../test/engines/need';
import { suite } from '../../test/engines/suite';
import { BuildService } from './service';

interface Told {
  readonly id: number;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

suite('the build service', unmetNeed({ root: true, programs: ['busybox', 'crun'] }), () => {
  let folder: string;
  let service: BuildService;
  let address: string;
  let registry: Server;
  const asked: (string | undefined)[] = [];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'strake-service-'));
    // A registry that lets nobody in, and remembers who came.
    registry = createServer(({ headers }, response) => {
      asked.push(headers.authorization);
      response.writeHead(401, { 'www-authenticate': 'Basic realm="registry"' }).end();
    }).listen(0, '127.0.0.1');
    await once(registry, 'listening');
    service = new BuildService({
      folder, stepsOfTenant: 2, stepsOfBuild: 2,
      credentials: (tenant, host) => Promise.resolve(host === hostOf(registry) ? { username: tenant, password: 'pass' } : undefined),
      secret: (tenant, id) => Promise.resolve(id === 'npm' ? Buffer.from(`token-of-${tenant}`) : undefined),
    });
    address = await service.listen(0);
  });
  afterAll(async () => {
    await service.close();
    registry.close();
    rmSync(folder, { recursive: true });
  });

  const hostOf = (server: Server): string => `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const call = (path: string, tenant: string, { headers, ...init }: Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> } = {}): Promise<Response> =>
    fetch(`${address}${path}`, { ...init, headers: { 'x-tenant': tenant, ...headers } });
  const post = (body: unknown, tenant = 'ada'): Promise<Response> => call('/builds', tenant, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
  const begun = async (body: unknown, tenant?: string): Promise<string> => ((await (await post(body, tenant)).json()) as { readonly id: string }).id;
  async function events(id: string, tenant = 'ada', headers: Readonly<Record<string, string>> = {}): Promise<readonly Told[]> {
    const blocks = (await (await call(`/builds/${id}/events`, tenant, { headers })).text()).split('\n\n').filter((block) => block !== '');
    return blocks.map((block) => {
      const [number, event, data] = block.split('\n').map((line) => line.slice(line.indexOf(': ') + 2));
      return { id: Number(number), event: event ?? '', data: JSON.parse(data ?? '') as Told['data'] };
    });
  }
  const seen = (told: readonly Told[], ...types: readonly string[]): readonly Told['data'][] => told.filter(({ event }) => types.includes(event)).map(({ data }) => data);

  const shell = 'FROM scratch\nCOPY --chmod=755 sh /bin/sh\n';
  const files = (): object => ({ sh: { base64: readFileSync('/bin/busybox', 'base64') } });

  test('tells of steps and output, and of an image in a layout; late and returning clients miss nothing', async () => {
    const request = { dockerfile: `${shell}RUN --mount=type=secret,id=npm cat /run/secrets/npm; echo " is secret"\n`, files: files(), tags: ['app'] };
    const id = await begun(request);
    const told = await events(id);
    expect(told.map(({ event }) => event).filter((event) => event !== 'log')).toEqual(['step', 'step', 'step', 'step', 'image']);
    expect(seen(told, 'log').map(({ text }) => text).join('')).toBe('*** is secret\n');
    expect(told.at(-1)?.data).toMatchObject({ imageId: expect.stringMatching(/^sha256:/), names: ['docker.io/library/app:latest'] });
    expect(readdirSync(join(folder, 'images', id))).toEqual(['blobs', 'index.json', 'oci-layout']);
    expect(await events(id)).toEqual(told);
    expect(await events(id, 'ada', { 'last-event-id': '1' })).toEqual(told.slice(2));
    expect(seen(await events(await begun(request)), 'step').map(({ state }) => state)).toEqual(['cached', 'cached']);
  });

  test('a tenant has a store of its own, and sees builds of its own', async () => {
    const request = { dockerfile: 'FROM scratch\nCOPY a /a\n', files: { a: 'x' } };
    const [ada, bob] = await Promise.all([begun(request), begun(request, 'bob')]);
    expect(seen(await events(ada), 'step').map(({ state }) => state)).toEqual(['started', 'done']);
    expect(seen(await events(bob, 'bob'), 'step').map(({ state }) => state)).toEqual(['started', 'done']);
    expect((await call(`/builds/${ada}/events`, 'bob')).status).toBe(404);
    expect((await call('/builds', '../bob', { method: 'POST', body: '{}' })).status).toBe(401);
  });

  test('answers what a failed step has left, then why it failed', async () => {
    const told = await events(await begun({ dockerfile: `${shell}RUN mkdir /tmp && echo no luck > /tmp/report.txt && exit 3\n`, files: files() }));
    expect(seen(told, 'look')).toEqual([{ step: expect.stringContaining('RUN mkdir'), exitCode: 3, report: 'no luck\n' }]);
    expect(told.at(-1)).toMatchObject({ event: 'failure', data: { code: 'STEP_FAILED', message: expect.stringMatching(/^Dockerfile:3:1: /) } });
  });

  test('proves who a tenant is to the registry', async () => {
    const told = await events(await begun({ dockerfile: `FROM ${hostOf(registry)}/base:1\n` }));
    expect(told.at(-1)).toMatchObject({ event: 'failure', data: { code: 'REGISTRY_DENIED' } });
    expect(asked).toContain(`Basic ${Buffer.from('ada:pass').toString('base64')}`);
  });

  test.each<[string, unknown, object]>([
    ['a mistyped instruction', { dockerfile: 'FROM scratch\nRUM x\n' }, { code: 'UNKNOWN_INSTRUCTION', message: expect.stringMatching(/^Dockerfile:2:1: [^]*did you mean RUN/) }],
    ['no Dockerfile', {}, { code: 'USAGE', message: expect.stringContaining('options.dockerfile has no text') }],
    ['tags that are no list', { dockerfile: 'FROM scratch\n', tags: 'app' }, { code: 'USAGE', message: expect.stringContaining('options.tags must be a list of texts') }],
    ['a path that leads out', { dockerfile: 'FROM scratch\n', files: { '../x': '' } }, { code: 'CONTEXT_INVALID' }],
    ['a network that is not for clients to choose', { dockerfile: `${shell}RUN --network=host true\n`, files: { sh: '' }, network: 'host', allow: ['network.host'] }, { code: 'NOT_ALLOWED' }],
  ])('refuses %s', async (_, request, failure) => {
    expect((await events(await begun(request))).at(-1)).toMatchObject({ event: 'failure', data: failure });
  });

  test('refuses what is no request', async () => {
    expect((await post('{')).status).toBe(400);
    expect((await post('null')).status).toBe(400);
    expect((await call('/builds/none', 'ada', { method: 'DELETE' })).status).toBe(404);
  });

  const sleeping = { dockerfile: `${shell}RUN echo asleep; sleep 1000\n` };
  /** Resolves when the program of a build has said something. */
  async function asleep(id: string): Promise<void> {
    const { body } = await call(`/builds/${id}/events`, 'ada');
    let text = '';
    for await (const piece of body as unknown as AsyncIterable<Uint8Array>) if ((text += Buffer.from(piece).toString()).includes('asleep\\n')) return;
  }

  test('cancels, and leaves nothing', async () => {
    const id = await begun({ ...sleeping, files: files() });
    await asleep(id);
    const rest = events(id);
    expect((await call(`/builds/${id}`, 'ada', { method: 'DELETE' })).status).toBe(204);
    expect((await rest).at(-1)).toMatchObject({ event: 'failure', data: { code: 'CANCELLED' } });
    expect(readdirSync(join(folder, 'stores/ada/tmp'))).toEqual([]);
    expect(existsSync(join(folder, 'images', id))).toBe(false);
    expect((await call(`/builds/${id}/events`, 'ada')).status).toBe(404);
  });

  test('stops what is built when it is closed', async () => {
    const other = new BuildService({ folder: join(folder, 'other'), stepsOfTenant: 2, stepsOfBuild: 2, credentials: () => Promise.resolve(undefined), secret: () => Promise.resolve(undefined) });
    const first = address;
    address = await other.listen(0);
    const id = await begun({ ...sleeping, files: files() });
    await asleep(id);
    const client = await call(`/builds/${id}/events`, 'ada');
    await other.close();
    expect(await client.text()).toMatch(/event: failure\ndata: {"code":"CANCELLED"/);
    expect(readdirSync(join(folder, 'other/stores/ada/tmp'))).toEqual([]);
    address = first;
  });
});
