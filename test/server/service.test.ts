import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { request, type IncomingMessage, type ClientRequest } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { strakeCommand, strakeUnmet } from '../builders/strake';
import { makeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { run } from '../engines/run';
import { suite } from '../engines/suite';
import { send } from './start-server';

suite('strake serve as a process', strakeUnmet(), () => {
  let folder: string;
  let socket: string;
  let child: ChildProcess;

  beforeEach(() => {
    folder = makeFolder('serve');
    socket = join(folder, 'docker.sock');
  });

  afterEach(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  /** Starts it and waits until it answers. */
  async function start(host: string, more: Readonly<Record<string, string>> = {}, inherited: readonly number[] = []): Promise<void> {
    const [program = '', ...words] = strakeCommand;
    child = spawn(program, [...words, 'serve', '-H', host], { stdio: ['ignore', 'ignore', 'pipe', ...inherited], env: { ...process.env, ...more, STRAKE_STORE: join(folder, 'store') } });
    while (child.exitCode === null && (await send(socket, { path: '/_ping' }).catch(() => undefined))?.status !== 200);
  }

  /** A build that runs until its body ends. */
  async function beginBuild(): Promise<ClientRequest> {
    const build = request({ socketPath: socket, path: '/build?t=kept:1', method: 'POST', agent: false });
    build.write('FROM scratch\n');
    while (!/strake_builds_running 1/.test((await send(socket, { path: '/metrics' })).body));
    return build;
  }

  const gone = async (): Promise<void> => {
    while ((await send(socket, { path: '/_ping' }).catch(() => undefined)) !== undefined);
  };

  test('takes the socket that systemd hands over', async () => {
    // Whoever of the two takes a connection first has it: this one gives it back.
    const listener = createServer((connection) => connection.destroy()).listen(socket);
    await once(listener, 'listening');
    const { fd } = (listener as unknown as { readonly _handle: { readonly fd: number } })._handle;
    await start('fd://', { LISTEN_FDS: '1' }, [fd]);
    listener.close();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  }, 20_000);

  test('SIGTERM lets a build end and takes no other; what it logs is JSON', async () => {
    await start(`unix://${socket}`);
    const logged = text(child.stderr as NodeJS.ReadableStream);
    const build = await beginBuild();
    const answered = once(build, 'response') as Promise<[IncomingMessage]>;
    child.kill('SIGTERM');
    await gone();
    build.end('LABEL a=b\n');
    const [answer] = await answered;
    expect(await text(answer)).toContain('Successfully tagged kept:1');
    expect(await once(child, 'exit')).toEqual([0, null]);
    const lines = (await logged).trim().split('\n').map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    expect(lines).toContainEqual(expect.objectContaining({ method: 'POST', path: '/build', status: 200 }));
  }, 20_000);

  test('a second SIGTERM cancels it', async () => {
    await start(`unix://${socket}`);
    const build = await beginBuild();
    const answered = once(build, 'response') as Promise<[IncomingMessage]>;
    child.kill('SIGTERM');
    await gone();
    child.kill('SIGTERM');
    const [answer] = await answered;
    expect(answer.statusCode).toBe(499);
    build.destroy();
    expect(await once(child, 'exit')).toEqual([0, null]);
  }, 20_000);

  const noDocker = unmetNeed({ programs: ['docker'] });
  (noDocker === undefined ? test : test.skip)(`docker events follows${noDocker === undefined ? '' : ` [skipped: ${noDocker}]`}`, async () => {
    await start(`unix://${socket}`);
    const env = { DOCKER_HOST: `unix://${socket}`, DOCKER_BUILDKIT: '0', DOCKER_CONFIG: folder };
    const events = spawn('docker', ['events', '--format', '{{.Type}} {{.Action}} {{.Actor.Attributes.name}}'], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'ignore'] });
    // It has asked when the server tells so.
    while (!/connections_open [2-9]/.test((await send(socket, { path: '/metrics' })).body));
    let told = '';
    const seen = new Promise<void>((resolve) => events.stdout.setEncoding('utf8').on('data', (piece: string) => (told += piece).includes('tag seen:1') && resolve()));
    while (!told.includes('tag seen:1')) await Promise.race([seen, run(['docker', 'build', '-q', '-t', 'seen:1', '-'], { env, input: 'FROM scratch\nLABEL a=b\n' })]);
    expect(told).toContain('builder build seen:1\nimage tag seen:1\n');
    // The stream ends with the server, and keeps it from nothing.
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    events.kill();
  }, 30_000);
});
