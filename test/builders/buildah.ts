import { join } from 'node:path';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { mustRun, run } from '../engines/run';
import { type Builder, commonFlags } from './builder';

/** Debian's buildah with a storage of its own. Writes OCI archives by skopeo. */
export async function startBuildah(): Promise<Builder> {
  const folder = makeFolder('buildah');
  const storage = ['--root', join(folder, 'root'), '--runroot', join(folder, 'runroot'), '--storage-driver', 'overlay'];
  const reference = `containers-storage:[overlay@${join(folder, 'root')}+${join(folder, 'runroot')}]`;
  const tag = 'example.test/result:1';
  return {
    name: 'buildah',
    version: (await mustRun(['buildah', '--version'])).trim(),
    load: async (bases) => {
      for (const base of bases) await mustRun(['skopeo', '--insecure-policy', 'copy', '-q', `docker-archive:${base.archive}:${base.name}`, `${reference}${base.name}`]);
    },
    build: async (request) => {
      const built = await run(['buildah', ...storage, 'build', '--runtime', 'runc', '--identity-label=false', ...commonFlags(request), '--layers', '--format', 'docker', '--pull-never', '--tag', tag, request.context]);
      if (built.code === 0) await mustRun(['skopeo', '--insecure-policy', 'copy', '-q', `${reference}${tag}`, `docker-archive:${request.archive}`]);
      return built;
    },
    close: () => removeFolder(folder),
  };
}
