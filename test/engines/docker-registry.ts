import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { get as getPlain } from 'node:http';
import { get as getSecure } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { makeFolder, removeFolder } from './engine-folder';
import { unmetNeed } from './need';

/** A registry of our own: the distribution registry (Debian's docker-registry) on a free port of this machine. */
export interface TestRegistry {
  /** `127.0.0.1:41234` */
  readonly host: string;
  /** What it stores is below it. */
  readonly folder: string;
  /** What it has written so far: a line a request. */
  log(): string;
  stop(): Promise<void>;
}

/** One that can be killed, and comes back at the same place with what it had. */
export interface RestartedRegistry extends TestRegistry {
  readonly restart: () => Promise<void>;
}

/** What differs from a plain, open registry. */
export interface TestRegistryOptions {
  readonly tls?: { readonly certificate: string; readonly key: string; readonly name?: string };
  /** Lines of its configuration below `auth:`, indented by two. */
  readonly auth?: string;
}

/** Why it cannot run here. */
export function dockerRegistryUnmet(): string | undefined {
  return unmetNeed({ programs: ['docker-registry'] });
}

/** Starts one and waits until it answers. */
export async function startDockerRegistry({ tls, auth }: TestRegistryOptions = {}): Promise<RestartedRegistry> {
  const folder = makeFolder('registry');
  const port = await freePort();
  const config = join(folder, 'config.yml');
  mkdirSync(join(folder, 'data'));
  const secure = tls === undefined ? '' : `\n  tls:\n    certificate: ${tls.certificate}\n    key: ${tls.key}`;
  writeFileSync(config, `version: 0.1
log:
  level: warn
storage:
  filesystem:
    rootdirectory: ${join(folder, 'data')}
  delete:
    enabled: true
http:
  addr: 127.0.0.1:${port}
  secret: test${secure}
${auth === undefined ? '' : `auth:\n${auth}\n`}`);
  const log = join(folder, 'log');
  const fd = openSync(log, 'a');
  const serve = (): RegistryProcess => startProcess(['serve', config], fd, `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/v2/`);
  let running = serve();
  const stop = async (): Promise<void> => {
    await running.end('SIGTERM');
    await removeFolder(folder);
  };
  const restart = async (): Promise<void> => {
    await running.end('SIGKILL');
    running = serve();
    await running.ready;
  };
  if (!(await running.ready)) {
    const text = readFileSync(log, 'utf8').slice(-2000);
    await stop();
    throw new Error(`the registry did not start:\n${text}`);
  }
  return { host: `${tls?.name ?? '127.0.0.1'}:${port}`, folder, log: () => readFileSync(log, 'utf8'), stop, restart };
}

interface RegistryProcess {
  /** False when it ends before it answers. */
  readonly ready: Promise<boolean>;
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

function startProcess(args: readonly string[], log: number, url: string): RegistryProcess {
  const child = spawn('docker-registry', args, { stdio: ['ignore', log, log] });
  const stop = (): void => void child.kill('SIGTERM');
  process.once('exit', stop);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const end: RegistryProcess['end'] = async (signal) => {
    child.kill(signal);
    await ended;
    process.removeListener('exit', stop);
  };
  return { ready: answers(url, () => child.exitCode !== null || child.signalCode !== null), end };
}

/** A port that nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Waits until a server answers; false when it ends before. */
export async function answers(url: string, isGone: () => boolean): Promise<boolean> {
  const end = Date.now() + 20_000;
  while (Date.now() < end && !isGone()) {
    if (await ping(url)) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

function ping(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const get = url.startsWith('https') ? getSecure : getPlain;
    get(url, { rejectUnauthorized: false, agent: false }, (response) => {
      response.resume();
      resolve(true);
    }).on('error', () => resolve(false));
  });
}
