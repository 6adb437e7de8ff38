import { spawn, type ChildProcess } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { removeFolder } from './engine-folder';
import { findProgram } from './need';

/** A Docker Engine of our own: its folder, its socket, its processes. */
export interface DockerEngine {
  readonly folder: string;
  /** For DOCKER_HOST. */
  readonly host: string;
  readonly pid: number;
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
  const log = join(folder, 'dockerd.log');
  const fd = openSync(log, 'a');
  const [program = '', ...args] = boundToUs(command);
  const child = spawn(program, args, { stdio: ['ignore', fd, fd], detached: true });
  child.on('error', () => undefined);
  endWithUs(child);
  const socket = join(folder, 'docker.sock');
  if (!(await answers(socket, child, 30_000))) {
    await stop(child, folder, false);
    const text = readFileSync(log, 'utf8').slice(-2000);
    await removeFolder(folder);
    throw new Error(`the Docker Engine did not start:\n${text}`);
  }
  return { folder, host: `unix://${socket}`, pid: child.pid ?? 0, stop: () => stop(child, folder, true) };
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
  if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await ended;
    clearTimeout(timer);
  }
  if (clean) await removeFolder(folder);
}
