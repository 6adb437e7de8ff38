// Pushing to and pulling from a registry of this machine: `node scripts/run-ts.mjs test/bench/registry.ts [--runs 3] [--only TEXT]`. Root; not part of `npm test`.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mkdirSync } from 'node:fs';
import { baseImages } from '../bases/bases';
import { strakeCommand } from '../builders/strake';
import { startDockerRegistry } from '../engines/docker-registry';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { mustRun } from '../engines/run';
import { makeCpuGroup, median } from './measure';
import { works } from './works';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '3' }, only: { type: 'string', default: '' } } });
const tag = 'example.test/bench:1';

/** What one command cost; memory is the largest resident set of its process, in bytes. */
interface Cost {
  readonly wall: number;
  readonly cpu: number;
  readonly memory: number;
}

/** One client: its image is in `store`, a folder of its own. */
interface Client {
  readonly name: string;
  /** A copy of the store with the image, so that nothing is remembered from the last push; undefined where nothing is. */
  readonly fresh?: (run: number) => Promise<string>;
  push(host: string, store: string): readonly string[];
  pull(host: string, empty: string): readonly string[];
}

async function main(): Promise<void> {
  const folder = makeFolder('bench-registry');
  try {
    const base = (await baseImages()).find(({ name }) => name === 'example.test/base:1');
    if (base === undefined) throw new Error('there is no base image');
    print(`Medians of ${values.runs}: seconds on the clock (CPU seconds), peak memory in MB.\n\n| work | strake | skopeo | buildah |\n| --- | ---: | ---: | ---: |`);
    for (const [at, work] of works.entries()) {
      if (!/20,000|1 GiB/.test(work.name) || !work.name.includes(values.only)) continue;
      const place = join(folder, `work${at}`);
      mkdirSync(join(place, 'context'), { recursive: true });
      work.prepare(join(place, 'context'));
      await race(work.name.replace('COPY of ', ''), place, base.archive);
      await removeFolder(place);
    }
  } finally {
    await removeFolder(folder);
  }
}

async function race(work: string, place: string, base: string): Promise<void> {
  const clients = await prepared(place, base);
  const [pushes, pulls] = [costsOf(clients), costsOf(clients)];
  for (let run = 0; run < Number(values.runs); run += 1) {
    const order = clients.map((_, index) => clients[(index + run) % clients.length] as Client);
    for (const client of order) pushes.get(client.name)?.push(await measuredPush(client, run));
    for (const client of order) pulls.get(client.name)?.push(await measuredPull(client, clients[0] as Client, place));
  }
  for (const [what, costs] of [['push', pushes], ['pull', pulls]] as const) print(`| ${what} ${work} | ${clients.map(({ name }) => cell(costs.get(name) ?? [])).join(' | ')} |`);
}

const costsOf = (clients: readonly Client[]): ReadonlyMap<string, Cost[]> => new Map(clients.map(({ name }) => [name, []]));

async function measuredPush(client: Client, run: number): Promise<Cost> {
  const registry = await startDockerRegistry();
  const store = (await client.fresh?.(run)) ?? '';
  try {
    return await measure(client.push(registry.host, store));
  } finally {
    await registry.stop();
    if (store !== '') await removeFolder(store);
  }
}

/** All pull the same image: the one that strake has pushed. */
async function measuredPull(client: Client, pusher: Client, place: string): Promise<Cost> {
  const registry = await startDockerRegistry();
  const [store, empty] = [(await pusher.fresh?.(99)) ?? '', join(place, 'empty')];
  try {
    await mustRun([...pusher.push(registry.host, store)], { timeout: 600_000 });
    return await measure(client.pull(registry.host, empty));
  } finally {
    await registry.stop();
    await removeFolder(store);
    await removeFolder(empty);
  }
}

async function prepared(place: string, base: string): Promise<readonly Client[]> {
  const context = join(place, 'context');
  const strakeStore = join(place, 'strake');
  const strake = (store: string): readonly string[] => [...strakeCommand, '--store', store];
  await mustRun([...strake(strakeStore), 'load', '-i', base]);
  await mustRun([...strake(strakeStore), 'build', '-t', tag, context], { timeout: 600_000 });
  const storage = (root: string): readonly string[] => ['--root', root, '--runroot', `${root}-run`, '--storage-driver', 'overlay'];
  const peers = join(place, 'peers');
  const named = (root: string): string => `containers-storage:[overlay@${root}+${root}-run]`;
  await mustRun(['skopeo', '--insecure-policy', 'copy', '-q', `docker-archive:${base}:example.test/base:1`, `${named(peers)}example.test/base:1`]);
  await mustRun(['buildah', ...storage(peers), 'build', '--isolation', 'chroot', '--pull-never', '-t', tag, context], { timeout: 600_000 });
  return [
    {
      name: 'strake',
      fresh: async (run) => {
        await mustRun(['cp', '-al', strakeStore, join(place, `copy${run}`)]);
        return join(place, `copy${run}`);
      },
      push: (host, store) => [...strake(store), 'copy', '-q', `store:${tag}`, `${host}/app:1`],
      pull: (host, empty) => [...strake(empty), 'pull', '-q', `${host}/app:1`],
    },
    {
      name: 'skopeo',
      push: (host) => ['skopeo', '--insecure-policy', 'copy', '-q', '--dest-tls-verify=false', `${named(peers)}${tag}`, `docker://${host}/app:1`],
      pull: (host, empty) => ['skopeo', '--insecure-policy', 'copy', '-q', '--src-tls-verify=false', `docker://${host}/app:1`, `${named(empty)}${tag}`],
    },
    {
      name: 'buildah',
      push: (host) => ['buildah', ...storage(peers), 'push', '-q', '--tls-verify=false', tag, `docker://${host}/app:1`],
      pull: (host, empty) => ['buildah', ...storage(empty), 'pull', '-q', '--tls-verify=false', `docker://${host}/app:1`],
    },
  ];
}

/** Runs a command in a group of its own; its memory is looked at while it runs, because the kernel's mark only grows. */
async function measure(command: readonly string[]): Promise<Cost> {
  const group = makeCpuGroup(`registry-${Date.now()}`);
  const started = performance.now();
  const child = spawn('/bin/sh', ['-c', `echo $$ > ${group.procs} && exec "$@"`, '-', ...command], { stdio: ['ignore', 'ignore', 'pipe'] });
  let [memory, errors] = [0, ''];
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const timer = setInterval(() => (memory = Math.max(memory, peakOf(child.pid ?? 0))), 10);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(timer);
  const wall = (performance.now() - started) / 1000;
  const cpu = group.seconds();
  group.close();
  if (code !== 0) throw new Error(`${command.join(' ')}: ${code}\n${errors.slice(-2000)}`);
  return { wall, cpu, memory };
}

function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

function cell(costs: readonly Cost[]): string {
  const digits = (seconds: number): string => seconds.toFixed(seconds < 1 ? 3 : seconds < 10 ? 2 : 1);
  return `${digits(median(costs.map(({ wall }) => wall)))} (${digits(median(costs.map(({ cpu }) => cpu)))}), ${Math.round(median(costs.map(({ memory }) => memory)) / 1e6)}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? String(error.stack) : String(error)}\n`);
  process.exitCode = 1;
});
