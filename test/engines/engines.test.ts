import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createBuilder } from 'strake';
import { archivesOf, baseImages } from '../bases/bases';
import { debianDockerClient, debianDockerUnmet, startDebianDocker } from './debian-docker';
import type { DockerEngine } from './docker-engine';
import { makeFolder, removeFolder } from './engine-folder';
import { unmetNeed } from './need';
import { startNewestDocker } from './newest-docker';
import { newestRootUnmet } from './newest-root';
import { mustRun } from './run';
import { suite } from './suite';

const engines: readonly (readonly [string, string | undefined, () => Promise<DockerEngine>])[] = [
  ["Debian's Docker Engine", debianDockerUnmet(), () => startDebianDocker()],
  ['the newest Docker Engine, containerd store', newestRootUnmet() ?? unmetNeed({ programs: ['docker'] }), () => startNewestDocker('containerd')],
  ['the newest Docker Engine, overlay2', newestRootUnmet() ?? unmetNeed({ programs: ['docker'] }), () => startNewestDocker('overlay2')],
];

/** Both ways of the docker backend build there. */
async function expectBothWays(host: string, folder: string): Promise<void> {
  const parts = { store: join(folder, 'store'), backend: 'docker', backendOptions: { host } } as const;
  const text = 'FROM example.test/base:1\nRUN echo made > /made\n';
  for (const cache of ['content', 'classic'] as const) {
    const builder = await createBuilder({ ...parts, cache });
    await builder.build({ dockerfile: { text, name: 'Dockerfile' }, network: 'none', pull: 'never', outputs: [{ type: 'tar', attributes: { dest: join(folder, cache) } }] }).finally(() => builder.close());
    expect(await mustRun(['tar', '-xOf', join(folder, cache), 'made'])).toBe('made\n');
  }
}

for (const [name, unmet, start] of engines) {
  suite(name, unmet ?? unmetNeed({ programs: ['busybox', 'setcap'] }), () => {
    it('loads every base, runs a container, and is gone when stopped', async () => {
      const folder = makeFolder('engines');
      const engine = await start();
      try {
        const env = { DOCKER_HOST: engine.host, DOCKER_CONFIG: folder };
        for (const archive of archivesOf(await baseImages())) await mustRun([debianDockerClient, 'load', '-i', archive], { env });
        const listed = await mustRun([debianDockerClient, 'run', '--rm', '--network', 'none', 'example.test/layers:1', 'ls', '-l', '/srv/link/', '/etc'], { env });
        expect(listed).toContain('deep');
        expect(listed).not.toContain('motd');
        if (name.includes('containerd')) await expectBothWays(engine.host, folder);
      } finally {
        await engine.stop();
        await removeFolder(folder);
      }
      expect(existsSync(engine.folder)).toBe(false);
      expect(existsSync(`/proc/${engine.pid}`)).toBe(false);
    }, 120_000);
  });
}
