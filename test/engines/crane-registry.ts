import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { answers, freePort, type TestRegistry } from './docker-registry';
import { makeFolder, removeFolder } from './engine-folder';
import { newestRootFolder, newestToolUnmet } from './newest-root';

/** Why it cannot run here. */
export function craneRegistryUnmet(): string | undefined {
  return newestToolUnmet();
}

/** A second registry, which shares no code with the first: that of go-containerregistry, as `crane registry serve` runs it. */
export async function startCraneRegistry(): Promise<TestRegistry> {
  const folder = makeFolder('crane');
  const data = join(folder, 'data');
  mkdirSync(data);
  const port = await freePort();
  const log = join(folder, 'log');
  const fd = openSync(log, 'a');
  const child = spawn(join(newestRootFolder, 'usr/bin/crane'), ['registry', 'serve', '--address', `127.0.0.1:${port}`, '--disk', data], { stdio: ['ignore', fd, fd] });
  const end = (): void => void child.kill('SIGTERM');
  process.once('exit', end);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()).once('error', () => resolve()));
  const stop = async (): Promise<void> => {
    end();
    await ended;
    process.removeListener('exit', end);
    await removeFolder(folder);
  };
  const registry = { host: `127.0.0.1:${port}`, folder, log: () => readFileSync(log, 'utf8'), stop };
  if (await answers(`http://127.0.0.1:${port}/v2/`, () => child.exitCode !== null)) return registry;
  const text = readFileSync(log, 'utf8').slice(-2000);
  await stop();
  throw new Error(`the registry did not start:\n${text}`);
}
