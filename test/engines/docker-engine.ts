import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { basename, join } from 'node:path';
import { removeFolder } from './engine-folder';
import { findProgram } from './need';

/** A Docker Engine of our own: its folder, its socket, its processes. */
export interface DockerEngine {
  readonly folder: string;
  /** For DOCKER_HOST. */
  readonly host: string;
  readonly pid: number;
  /** Ends the daemon as a crash would, and starts it again at the same place, with what it had. */
  crash(): Promise<void>;
  restart(): Promise<void>;
  /** Ends the daemon, and what it started, by its pid; removes the folder. */
  stop(): Promise<void>;
}

/** Options that keep a daemon to its folder: no bridge and no firewall rules, so that several run side by side. */
export function daemonArgs(folder: string): readonly string[] {
  return [
    '--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec'), '--pidfile', join(folder, 'docker.pid'),
    '-H', `unix://${join(folder, 'docker.sock')}`, '--bridge=none', '--iptables=false', '--ip6tables=false',
  ];
}

/** Starts a daemon with the given command line and waits until its socket answers; throws with its log when it does not. */
export async function startDockerEngine(command: readonly string[], folder: string): Promise<DockerEngine> {
  let child = await startDaemon(command, folder);
  let world: number | undefined;
  return {
    folder,
    host: `unix://${join(folder, 'docker.sock')}`,
    pid: child.pid ?? 0,
    async crash() {
      // What it has mounted is to be seen by the next one.
      world ??= openSync(`/proc/${child.pid}/ns/mnt`, 'r');
      await end(child, 'SIGKILL');
      // It dies with its parent, but later: a daemon that still finds it waits ten seconds for it to answer.
      await gone(readFileSync(join(folder, 'exec/containerd/containerd.pid'), 'utf8').trim());
    },
    async restart() {
      const daemon = command.slice(command.findIndex((word) => basename(word) === 'dockerd'));
      child = await startDaemon(['nsenter', `--mount=/proc/${process.pid}/fd/${world ?? 'none'}`, '--', ...daemon], folder);
    },
    async stop() {
      await stop(child, folder, true);
      if (world !== undefined) closeSync(world);
    },
  };
}

async function startDaemon(command: readonly string[], folder: string): Promise<ChildProcess> {
  const [program = '', ...args] = boundToUs(command);
  const log = join(folder, 'dockerd.log');
  const fd = openSync(log, 'a');
  const child = spawn(program, args, { stdio: ['ignore', fd, fd], detached: true });
  closeSync(fd);
  child.on('error', () => undefined);
  endWithUs(child);
  if (await answers(join(folder, 'docker.sock'), child, 30_000)) return child;
  await stop(child, folder, false);
  const text = readFileSync(log, 'utf8').slice(-2000);
  await removeFolder(folder);
  throw new Error(`the Docker Engine did not start:\n${text}`);
}

/** A daemon must not outlive the tests, however they end: of SIGKILL the kernel tells it. */
function boundToUs(command: readonly string[]): readonly string[] {
  const setpriv = findProgram('setpriv');
  return setpriv === undefined ? command : [setpriv, '--pdeathsig', 'TERM', ...command];
}

/** Every other way leads through one of these. */
function endWithUs(child: ChildProcess): void {
  process.once('exit', () => child.kill('SIGTERM'));
  for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]] as const) {
    if (process.listenerCount(signal) === 0) process.once(signal, () => process.exit(code));
  }
}

async function gone(pid: string): Promise<void> {
  while (existsSync(`/proc/${pid}`)) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function answers(socket: string, child: ChildProcess, milliseconds: number): Promise<boolean> {
  const end = Date.now() + milliseconds;
  while (Date.now() < end && child.exitCode === null && child.pid !== undefined) {
    if (await ping(socket)) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

function ping(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const call = request({ socketPath: socket, path: '/_ping', agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    call.on('error', () => resolve(false)).end();
  });
}

async function stop(child: ChildProcess, folder: string, clean: boolean): Promise<void> {
  await end(child, 'SIGTERM');
  if (clean) await removeFolder(folder);
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await ended;
  clearTimeout(timer);
}
