import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { archivesOf, type BaseImage } from '../bases/bases';
import { strakeCommand, strakeUnmet } from '../builders/strake';
import { debianDockerClient, debianDockerUnmet, startDebianDocker } from '../engines/debian-docker';
import type { DockerEngine } from '../engines/docker-engine';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { newestBuildx, startNewestDocker } from '../engines/newest-docker';
import { newestRootUnmet } from '../engines/newest-root';
import { mustRun, run } from '../engines/run';
import { adopt, type CpuGroup, makeCpuGroup } from './measure';

/** One builder in the race: a command line that builds a context into its own store, and its daemon's CPU group. */
export interface Contestant {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  readonly daemon?: CpuGroup;
  command(context: string, noCache: boolean): readonly string[];
  close(): Promise<void>;
}

/** Each by name: why it cannot run here, and how to start it with the bases loaded. */
export const contestants: Readonly<Record<string, { readonly unmet: () => string | undefined; readonly start: (bases: readonly BaseImage[]) => Promise<Contestant> }>> = {
  strake: { unmet: strakeUnmet, start: startStrake },
  buildah: { unmet: () => unmetNeed({ root: true, programs: ['buildah', 'skopeo', 'runc'] }), start: startBuildah },
  classic: { unmet: debianDockerUnmet, start: startClassic },
  buildx: { unmet: newestRootUnmet, start: startBuildx },
  served: { unmet: () => strakeUnmet() ?? debianDockerUnmet(), start: startServed },
  'newest-classic': { unmet: newestRootUnmet, start: startNewestClassic },
};

const tag = 'example.test/bench:1';
const cacheFlag = (noCache: boolean): readonly string[] => (noCache ? ['--no-cache'] : []);

async function startStrake(bases: readonly BaseImage[]): Promise<Contestant> {
  const folder = makeFolder('bench-strake');
  const env = { STRAKE_STORE: join(folder, 'store') };
  for (const archive of archivesOf(bases)) await mustRun([...strakeCommand, 'load', '-i', archive], { env });
  return {
    name: 'strake', env,
    command: (context, noCache) => [...strakeCommand, 'build', '--network', 'none', ...cacheFlag(noCache), '-t', tag, context],
    close: () => removeFolder(folder),
  };
}

async function startBuildah(bases: readonly BaseImage[]): Promise<Contestant> {
  const folder = makeFolder('bench-buildah');
  const [root, runroot] = [join(folder, 'root'), join(folder, 'runroot')];
  for (const base of bases) await mustRun(['skopeo', '--insecure-policy', 'copy', '-q', `docker-archive:${base.archive}:${base.name}`, `containers-storage:[overlay@${root}+${runroot}]${base.name}`]);
  return {
    name: 'buildah', env: {},
    command: (context, noCache) => ['buildah', '--root', root, '--runroot', runroot, '--storage-driver', 'overlay', 'build', '--runtime', 'runc', '--layers', '--network', 'none', '--pull-never', ...cacheFlag(noCache), '-t', tag, context],
    close: () => removeFolder(folder),
  };
}

async function startClassic(bases: readonly BaseImage[]): Promise<Contestant> {
  return dockerContestant('classic', bases, (options) => startDebianDocker(options), [debianDockerClient], { DOCKER_BUILDKIT: '0' });
}

/** With the overlay2 graph driver, as most installations have it. */
async function startBuildx(bases: readonly BaseImage[]): Promise<Contestant> {
  return dockerContestant('buildx', bases, (options) => startNewestDocker('overlay2', options), newestBuildx(), {});
}

async function startNewestClassic(bases: readonly BaseImage[]): Promise<Contestant> {
  return dockerContestant('newest-classic', bases, (options) => startNewestDocker('overlay2', options), [debianDockerClient], { DOCKER_BUILDKIT: '0' });
}

/** The same client as the classic builder's, and `strake serve` in the place of the daemon. */
async function startServed(bases: readonly BaseImage[]): Promise<Contestant> {
  const folder = makeFolder('bench-served');
  const daemon = makeCpuGroup('served');
  const host = `unix://${join(folder, 'docker.sock')}`;
  const child = spawn('/bin/sh', ['-c', `echo $$ > ${daemon.procs} && exec "$@"`, '-', ...strakeCommand, 'serve', '-H', host, '--log-level', 'warn'], { env: { ...process.env, STRAKE_STORE: join(folder, 'store') }, stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(child, 'exit');
  const env = { DOCKER_HOST: host, DOCKER_CONFIG: folder, DOCKER_BUILDKIT: '0' };
  for (let tries = 0; (await run([debianDockerClient, 'version'], { env })).code !== 0; tries += 1) if (tries > 100) throw new Error('strake serve did not start');
  for (const archive of archivesOf(bases)) await mustRun([debianDockerClient, 'load', '-i', archive], { env });
  return {
    name: 'served', env, daemon,
    command: (context, noCache) => [debianDockerClient, 'build', '--network', 'none', ...cacheFlag(noCache), '-t', tag, context],
    close: async () => {
      child.kill('SIGTERM');
      await ended;
      daemon.close();
      await removeFolder(folder);
    },
  };
}

async function dockerContestant(
  name: string, bases: readonly BaseImage[], start: (options: readonly string[]) => Promise<DockerEngine>, client: readonly string[], more: Readonly<Record<string, string>>,
): Promise<Contestant> {
  const daemon = makeCpuGroup(name);
  // What the daemon runs for a build stands below the daemon's own group, and is counted with it.
  const engine = await start(['--cgroup-parent', `/${daemon.procs.split('/').at(-2)}`]);
  for (const pid of withDescendants(engine.pid)) adopt(daemon, pid);
  const env = { DOCKER_HOST: engine.host, DOCKER_CONFIG: engine.folder, ...more };
  for (const archive of archivesOf(bases)) await mustRun([debianDockerClient, 'load', '-i', archive], { env });
  return {
    name, env, daemon,
    command: (context, noCache) => [...client, 'build', '--network', 'none', ...cacheFlag(noCache), '-t', tag, context],
    close: async () => {
      await engine.stop();
      daemon.close();
    },
  };
}

/** A daemon has started its containerd before anyone could put it into a group. */
export function withDescendants(pid: number): readonly number[] {
  const parents = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((name) => {
    const file = `/proc/${name}/stat`;
    const fields = existsSync(file) ? readFileSync(file, 'utf8').replace(/^.*\) /s, '').split(' ') : [];
    return { pid: Number(name), parent: Number(fields[1] ?? 0) };
  });
  const below = (id: number): readonly number[] => [id, ...parents.filter(({ parent }) => parent === id).flatMap((child) => below(child.pid))];
  return below(pid);
}
