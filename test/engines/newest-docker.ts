import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DockerEngine, daemonArgs, startDockerEngine } from './docker-engine';
import { makeFolder } from './engine-folder';
import { newestRootFolder } from './newest-root';

/** The command that runs a program inside the newest root; `shared` is the one folder both worlds see under the same name. */
export function inNewestRoot(shared: string, command: readonly string[]): readonly string[] {
  return ['unshare', '-m', join(__dirname, 'enter-root.sh'), newestRootFolder, shared, ...command];
}

/**
 * The newest buildx, run from the host by the root's own loader, so that it sees the host's files without any mount.
 * It finds the daemon by DOCKER_HOST.
 */
export function newestBuildx(): readonly string[] {
  return throughLoader('usr/libexec/docker/cli-plugins/docker-buildx');
}

/** The newest docker command, run in the same way: what it sends is another tar than that of an old one. */
export function newestClient(): readonly string[] {
  return throughLoader('usr/bin/docker');
}

function throughLoader(program: string): readonly string[] {
  const inRoot = (path: string): string => join(newestRootFolder, path);
  const libraries = ['usr/lib/x86_64-linux-gnu', 'usr/lib/aarch64-linux-gnu'].map(inRoot).join(':');
  const loader = process.arch === 'arm64' ? 'lib/ld-linux-aarch64.so.1' : 'lib64/ld-linux-x86-64.so.2';
  return [inRoot(loader), '--library-path', libraries, inRoot(program)];
}

/** `daemon.json`: builds may be granted what they ask for. */
const config = { builder: { entitlements: { 'security-insecure': true, 'network-host': true } } };

/**
 * Starts the newest Docker Engine with its containerd image store, which is what makes `--output type=oci` possible.
 * @param store `containerd` for that; `overlay2` for the graph driver most installations still have
 */
export async function startNewestDocker(store: 'containerd' | 'overlay2' = 'containerd', extra: readonly string[] = []): Promise<DockerEngine> {
  const folder = makeFolder('newest');
  const feature = `--feature=containerd-snapshotter=${store === 'containerd'}`;
  const file = join(folder, 'daemon.json');
  writeFileSync(file, JSON.stringify(config));
  return startDockerEngine(inNewestRoot(folder, ['dockerd', ...daemonArgs(folder), '--config-file', file, feature, ...extra]), folder);
}
