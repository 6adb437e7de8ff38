import { connect } from 'node:net';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Address } from '@strake/server';
import { unmetNeed } from '../engines/need';
import { mustRun } from '../engines/run';
import { suite } from '../engines/suite';
import { send, startServer, type StartedServer } from './start-server';

describe('the server as a service', () => {
  let started: StartedServer;

  beforeAll(async () => {
    started = await startServer({ tokens: ['a-token-of-the-test', 'that-of-another-one'] });
  });

  afterAll(() => started.close());

  const get = (path: string) => send(started.socket, { path });

  test.each<[string, number, string]>([
    ['/_ping', 200, 'OK'],
    ['/v1.43/_ping', 200, 'OK'],
    ['/v1.44/_ping', 400, 'client version 1.44 is too new. Maximum supported API version is 1.43'],
    ['/v1.23/version', 400, 'client version 1.23 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version'],
    ['/nothing', 404, 'page not found'],
    ['/images/x/y', 404, 'page not found'],
    ['/images/search?term=x', 501, 'searching registries is not served'],
    ['/images/..%2f..%2fetc%2fpasswd/json', 400, 'invalid reference'],
    ['/images/%00/json', 400, 'invalid reference'],
    [`/images/${'x'.repeat(3000)}/json`, 400, 'invalid reference'],
    ['/health', 200, '"ok"'],
    ['/networks', 200, '[]'],
    ['/volumes', 200, '{"Volumes":[],"Warnings":null}'],
    ['/containers/x/json', 404, 'No such container: x'],
    ['/containers/buildx_buildkit_default/json', 501, 'BuildKit is not served here: set DOCKER_BUILDKIT=0'],
    ['/distribution/app:1/json', 501, 'manifests of registries are not served here'],
  ])('GET %s', async (path, status, text) => {
    const answer = await get(path);
    expect([answer.status, answer.body]).toEqual([status, expect.stringContaining(text)]);
  });

  test.each(['/containers/create', '/commit', '/networks/create', '/volumes/create', '/grpc', '/session'])('POST %s is told to be unserved, not missing', async (path) => {
    expect(await send(started.socket, { path, method: 'POST' }, '{}')).toMatchObject({ status: 501, body: expect.stringContaining('not served here') as unknown });
  });

  test('tells its version in every answer', async () => {
    expect((await get('/_ping')).headers).toMatchObject({ 'api-version': '1.43', 'builder-version': '1', ostype: 'linux' });
  });

  test('errors are JSON as Docker clients read it', async () => {
    expect((await get('/nothing')).headers['content-type']).toBe('application/json');
  });

  test('counts requests by route, and logs paths without their queries', async () => {
    await get('/images/json?filters={}&secret=sentinel');
    const { body } = await get('/metrics');
    expect(body).toMatch(/strake_http_requests_total\{method="GET",route="\/images\/json",status="200"\} \d+/);
    expect(body).toContain('strake_builds_running 0');
    expect(started.logs.join('')).toContain('"path":"/images/json"');
    expect(started.logs.join('')).not.toContain('sentinel');
  });

  test('headers without end cost little', async () => {
    const socket = connect(started.socket);
    socket.on('error', () => undefined).write('GET / HTTP/1.1\r\n');
    for (let line = 0; line < 200 && !socket.destroyed; line++) socket.write(`X-${line}: ${'x'.repeat(2000)}\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 431 /);
    socket.destroy();
  });

  test('a tcp client without the token is not let in', async () => {
    const address = await started.server.listen({ kind: 'tcp', host: '127.0.0.1', port: 0 });
    const ask = (authorization?: string) => send(address, { path: '/_ping', headers: authorization === undefined ? {} : { authorization } });
    expect((await ask()).status).toBe(401);
    expect((await ask('Bearer another-token')).status).toBe(401);
    expect((await ask('Bearer a-token-of-the-test')).status).toBe(200);
    expect((await ask('Bearer that-of-another-one')).status).toBe(200);
  });

  test('nor is one whose connection is reset before it is looked at', async () => {
    const address = await started.server.listen({ kind: 'tcp', host: '127.0.0.1', port: 0 });
    const before = started.logs.length;
    const socket = connect(address.kind === 'tcp' ? address.port : 0, '127.0.0.1');
    await once(socket, 'connect');
    // Sent and reset before the server has taken the connection: what it could ask of the socket afterwards, it must not.
    socket.write('GET /images/json?stolen HTTP/1.1\r\nHost: x\r\n\r\n', () => socket.resetAndDestroy());
    await new Promise<void>((resolve) => {
      const look = (): void => void (started.logs.length > before ? resolve() : setImmediate(look));
      look();
    });
    expect(started.logs.slice(before).join('')).toMatch(/"path":"\/images\/json","status":401/);
  });

  test('a second server does not take the socket of one that lives', async () => {
    await expect(started.server.listen({ kind: 'unix', path: started.socket })).rejects.toMatchObject({ code: 'USAGE' });
  });
});

suite('the server with certificates', unmetNeed({ programs: ['openssl'] }), () => {
  let started: StartedServer;
  let address: Address;
  const file = (name: string): Buffer => readFileSync(join(started.folder, 'tls', name));

  beforeAll(async () => {
    started = await startServer();
    const folder = join(started.folder, 'tls');
    mkdirSync(folder);
    const openssl = (...words: string[]) => mustRun(['openssl', ...words], { cwd: folder });
    const subject = (name: string) => ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
    for (const ca of ['ca', 'other']) await openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${ca}.key`, '-out', `${ca}.pem`, '-days', '2', '-subj', `/CN=${ca}`);
    for (const [name, ca] of [['server', 'ca'], ['client', 'ca'], ['stranger', 'other']] as const) {
      await openssl('req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`, ...subject(name));
      await openssl('x509', '-req', '-in', `${name}.csr`, '-CA', `${ca}.pem`, '-CAkey', `${ca}.key`, '-CAcreateserial', '-days', '2', '-copy_extensions', 'copy', '-out', `${name}.pem`);
    }
    address = await started.server.listen({ kind: 'tcp', host: '127.0.0.1', port: 0 }, { ca: file('ca.pem'), cert: file('server.pem'), key: file('server.key') });
  });

  afterAll(() => started.close());

  test('lets in who has a certificate of its CA', async () => {
    const answer = await send(address, { path: '/_ping', ca: file('ca.pem'), cert: file('client.pem'), key: file('client.key') });
    expect(answer.status).toBe(200);
  });

  test('and nobody else', async () => {
    await expect(send(address, { path: '/_ping', ca: file('ca.pem') })).rejects.toThrow();
    await expect(send(address, { path: '/_ping', ca: file('ca.pem'), cert: file('stranger.pem'), key: file('stranger.key') })).rejects.toThrow();
  });
});
