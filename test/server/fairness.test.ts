import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { unmetNeed } from '../engines/need';
import { suite } from '../engines/suite';
import { send, startServer, type StartedServer } from './start-server';

/** Asks for builds at the same time, each on a connection of its own, as one process of one user. */
const CLIENT = `
const { request } = require('node:http');
const [socketPath, name, count, uid] = process.argv.slice(2);
process.setuid(Number(uid));
for (let index = 0; index < Number(count); index += 1) {
  const text = 'FROM scratch\\nLABEL name=' + name + index + '\\n';
  request({ socketPath, path: '/build?t=' + name + ':' + index, method: 'POST', agent: false, headers: { 'content-length': text.length } }, (response) => response.resume()).end(text);
}`;

suite('turns of clients of one unix socket', unmetNeed({ root: true, programs: ['docker'] }), () => {
  let started: StartedServer;
  beforeAll(async () => {
    started = await startServer({ parallelBuilds: 1 });
    chmodSync(started.folder, 0o755);
    chmodSync(started.socket, 0o666);
    writeFileSync(join(started.folder, 'client.cjs'), CLIENT);
  });
  afterAll(() => started.close());

  const waiting = async (): Promise<number> => Number(/strake_builds_waiting (\d+)/.exec((await send(started.socket, { path: '/metrics' })).body)?.[1]);

  /** Resolves when so many of its builds wait. */
  async function ask(name: string, count: number, uid: number, until: number): Promise<ChildProcess> {
    const child = spawn(process.execPath, [join(started.folder, 'client.cjs'), started.socket, name, String(count), String(uid)], { stdio: 'ignore' });
    while ((await waiting()) < until);
    return child;
  }

  test('go around among users, then among processes', async () => {
    // Holds the only place until all have come: a context that does not end.
    const first = await hold();
    const children = [await ask('many', 4, 0, 4), await ask('same', 1, 0, 5), await ask('other', 2, 65534, 7)];
    const order = await followTags(7);
    first.end();
    expect(await order.names).toEqual(['other:0', 'many:0', 'other:1', 'same:0', 'many:1', 'many:2', 'many:3']);
    await Promise.all(children.map(async (child) => (child.exitCode === null ? once(child, 'exit') : [])));
  }, 30_000);

  async function hold(): Promise<{ end(): void }> {
    const call = request({ socketPath: started.socket, path: '/build', method: 'POST', agent: false }, (response) => response.resume());
    call.write('FROM scratch\n');
    while (!/strake_builds_running 1/.test((await send(started.socket, { path: '/metrics' })).body));
    return { end: () => void call.end('LABEL a=b\n') };
  }

  test.each(['the docker command', 'a raw connection'])('%s that is killed while its context is unread loses its place at once', async (kind) => {
    const first = await hold();
    const child = kind === 'a raw connection' ? await rawClient() : await dockerClient();
    while ((await waiting()) < 1);
    child.kill('SIGKILL');
    while ((await waiting()) > 0);
    // The build that holds the place still does: nobody's turn came.
    expect((await send(started.socket, { path: '/metrics' })).body).toContain('strake_builds_running 1');
    first.end();
  }, 20_000);

  /** Sends more than a socket holds, and never reads. */
  async function rawClient(): Promise<ChildProcess> {
    const program = `const s = require('node:net').connect(process.argv[1]); s.write('POST /build HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 9000000\\r\\n\\r\\n'); s.write(Buffer.alloc(8000000)); setInterval(() => undefined, 1000);`;
    return spawn(process.execPath, ['-e', program, started.socket], { stdio: 'ignore' });
  }

  async function dockerClient(): Promise<ChildProcess> {
    const context = join(started.folder, 'large');
    mkdirSync(context);
    writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\nLABEL a=b\n');
    writeFileSync(join(context, 'zeros'), Buffer.alloc(8 << 20));
    return spawn('docker', ['build', context], { stdio: 'ignore', env: { ...process.env, DOCKER_HOST: `unix://${started.socket}`, DOCKER_BUILDKIT: '0', DOCKER_CONFIG: started.folder } });
  }

  /** The first names that are given to images from now on, in order. */
  async function followTags(count: number): Promise<{ readonly names: Promise<readonly string[]> }> {
    const call = request({ socketPath: started.socket, path: `/events?filters=${encodeURIComponent('{"event":["tag"]}')}`, agent: false });
    call.on('error', () => undefined).end();
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    return { names: firstNames(response.setEncoding('utf8'), count).finally(() => call.destroy()) };
  }
});

async function firstNames(response: IncomingMessage, count: number): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const text of response as AsyncIterable<string>) {
    for (const line of text.trim().split('\r\n')) names.push((JSON.parse(line) as { readonly Actor: { readonly Attributes: { readonly name: string } } }).Actor.Attributes.name);
    if (names.length >= count) break;
  }
  return names;
}
