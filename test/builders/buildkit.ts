import { archivesOf } from '../bases/bases';
import { mustRun, run } from '../engines/run';
import { newestBuildx, startNewestDocker } from '../engines/newest-docker';
import { newestVersion } from '../engines/newest-root';
import { debianDockerClient, startDebianDocker } from '../engines/debian-docker';
import { type Builder, commonFlags, modernFlags } from './builder';

/** The newest BuildKit there is: that of the newest Docker Engine, driven by buildx. Writes OCI archives. */
export async function startNewestBuildkit(): Promise<Builder> {
  const engine = await startNewestDocker();
  const env = { DOCKER_HOST: engine.host, DOCKER_CONFIG: engine.folder };
  return {
    name: 'buildkit',
    version: newestVersion(),
    load: async (bases) => {
      for (const archive of archivesOf(bases)) await mustRun(['docker', 'load', '-i', archive], { env });
    },
    build: (request) => run([
      ...newestBuildx(), 'build', ...commonFlags(request), ...modernFlags(request), '--provenance=false', '--progress=plain',
      '--output', `type=oci,dest=${request.archive}`, request.context,
    ], { env }),
    close: () => engine.stop(),
  };
}

/**
 * Debian's Docker Engine as a builder: its classic one, or the BuildKit of its time (0.8: no heredocs, no modern modifiers).
 * Writes docker-archives.
 */
export async function startDebianBuilder(kind: 'classic' | 'buildkit-0.8'): Promise<Builder> {
  const engine = await startDebianDocker();
  const env = { DOCKER_HOST: engine.host, DOCKER_CONFIG: engine.folder, DOCKER_BUILDKIT: kind === 'classic' ? '0' : '1', BUILDKIT_PROGRESS: 'plain' };
  const docker = (...args: readonly string[]): Promise<string> => mustRun([debianDockerClient, ...args], { env });
  return {
    name: kind,
    version: (await docker('version', '--format', '{{.Server.Version}}')).trim(),
    load: async (bases) => {
      for (const archive of archivesOf(bases)) await docker('load', '-i', archive);
    },
    build: async (request) => {
      const tag = 'example.test/result:1';
      const built = await run([debianDockerClient, 'build', ...commonFlags(request), '--tag', tag, request.context], { env });
      if (built.code === 0) await docker('save', '-o', request.archive, tag);
      return built;
    },
    close: () => engine.stop(),
  };
}
