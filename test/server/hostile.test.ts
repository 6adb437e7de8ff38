import { readdirSync } from 'node:fs';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { send, startServer, type StartedServer } from './start-server';

/** A tar's header: a file of a name, of a declared size. */
function header(name: string, size: number): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0);
  for (const [at, text] of [[100, '0000644\0'], [108, '0000000\0'], [116, '0000000\0'], [124, `${size.toString(8).padStart(11, '0')}\0`], [136, '00000000000\0'], [148, ' '.repeat(8)], [156, '0'], [257, 'ustar\0' + '00']] as const) block.write(text, at);
  block.write(`${block.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

describe('hostile requests', () => {
  let started: StartedServer;
  beforeAll(async () => (started = await startServer({ bodyWindow: 300, contextLimit: 4 << 20, parallelBuilds: 1 })));
  afterAll(() => started.close());

  afterEach(async () => {
    expect((await send(started.socket, { path: '/_ping' })).status).toBe(200);
    expect((await send(started.socket, { path: '/metrics' })).body).toMatch(/strake_builds_running 0\n[^]*strake_builds_waiting 0\n/);
    expect(readdirSync(join(started.folder, 'work'))).toEqual([]);
  });

  const post = (path: string, body: string | Buffer) => send(started.socket, { path, method: 'POST' }, body);
  const deep = '['.repeat(50_000);

  test.each<[string, string, string | Buffer, number, string]>([
    ['a file that says it has gigabytes', '/build', Buffer.concat([header('big', 7 * 1024 ** 3), Buffer.alloc(4096)]), 400, 'the build context'],
    ['a context that is larger than allowed', '/build', Buffer.concat([header('big', 8 << 20), Buffer.alloc(9 << 20)]), 400, 'is larger than 4194304 bytes'],
    ['a gzip bomb', '/build', gzipSync(Buffer.concat([header('big', 200 << 20), Buffer.alloc(200 << 20)])), 400, 'is larger than 4194304 bytes'],
    ['more files than a disk has room for', '/build', gzipSync(Buffer.concat(Array.from({ length: 5000 }, (_, at) => header(`f${at}`, 0)))), 400, 'is larger than 4194304 bytes, its'],
    ['deep JSON in a parameter', `/build?buildargs=${deep}`, '', 400, 'error reading buildargs'],
    ['deep JSON that is whole', `/build?labels={"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, '', 400, 'error reading labels'],
    ['deep JSON in a body', '/auth', deep, 400, 'the body is no JSON'],
    ['a long body where a short one belongs', '/auth', Buffer.alloc(2 << 20, 32), 413, 'too long'],
    ['credentials that are no JSON', `/images/create?fromImage=${'x'.repeat(5000)}`, '', 400, ''],
  ])('%s', async (_name, path, body, status, text) => {
    const answer = await post(path, body);
    expect([answer.status, answer.body]).toEqual([status, expect.stringContaining(text)]);
  });

  test('a body that comes slowly gives its place back', async () => {
    const slow = request({ socketPath: started.socket, path: '/build', method: 'POST', agent: false });
    slow.write('FROM scratch\n');
    const answered = once(slow, 'response') as Promise<[IncomingMessage]>;
    expect((await post('/build', 'FROM scratch\nLABEL a=b\n')).status).toBe(200);
    const [answer] = await answered;
    expect(answer.statusCode).toBe(408);
    slow.destroy();
  });

  test('a long body that comes steadily is waited for', async () => {
    const steady = request({ socketPath: started.socket, path: '/build', method: 'POST', agent: false });
    const answered = once(steady, 'response') as Promise<[IncomingMessage]>;
    // 320 kB in 800 ms, which is more than two windows.
    for (let piece = 0; piece < 16; piece += 1) {
      steady.write(Buffer.from(`# ${'x'.repeat(20_000)}\n`));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    steady.end('FROM scratch\nLABEL a=b\n');
    const [answer] = await answered;
    expect(answer.resume().statusCode).toBe(200);
    await once(answer, 'end');
  });

  test('idle connections keep nobody out, and are closed at the limit', async () => {
    const before = readdirSync('/proc/self/fd').length;
    const idle: Socket[] = [];
    for (let count = 0; count < 1000; count += 1) {
      const socket = connect(started.socket);
      idle.push(socket.on('error', () => undefined));
      await once(socket, 'connect');
    }
    expect((await send(started.socket, { path: '/_ping' })).status).toBe(200);
    const more = Array.from({ length: 60 }, () => connect(started.socket).on('error', () => undefined));
    // What is too much is closed by the server.
    await Promise.race(more.map((socket) => once(socket.resume(), 'end')));
    const closed = [...idle, ...more].map(async (socket) => socket.destroyed || once(socket, 'close'));
    for (const socket of [...idle, ...more]) socket.destroy();
    await Promise.all(closed);
    while (readdirSync('/proc/self/fd').length > before + 5) await send(started.socket, { path: '/_ping' }).catch(() => undefined);
  }, 30_000);
});
