import { existsSync } from 'node:fs';
import { type DockerEngine, daemonArgs, startDockerEngine } from './docker-engine';
import { makeFolder } from './engine-folder';
import { findProgram, unmetNeed } from './need';

/** Why Debian's own Docker Engine cannot run here. */
export function debianDockerUnmet(): string | undefined {
  return unmetNeed({ root: true, programs: ['dockerd', 'docker', 'containerd', 'runc'] });
}

/** Debian's client: the one in /usr/bin can still drive both builders of the 20.10 daemon; one that was added in front of it may not. */
export const debianDockerClient = existsSync('/usr/bin/docker') ? '/usr/bin/docker' : 'docker';

/** Starts Debian's Docker Engine (package docker.io, 20.10 on Debian 12) in a folder of its own. */
export async function startDebianDocker(extra: readonly string[] = []): Promise<DockerEngine> {
  const folder = makeFolder('docker');
  return startDockerEngine([findProgram('dockerd') ?? 'dockerd', ...daemonArgs(folder), ...extra], folder);
}
