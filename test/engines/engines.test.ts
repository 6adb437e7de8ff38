import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makeBases } from '../bases/bases';
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

for (const [name, unmet, start] of engines) {
  suite(name, unmet ?? unmetNeed({ programs: ['busybox', 'setcap'] }), () => {
    it('loads every base, runs a container, and is gone when stopped', async () => {
      const folder = makeFolder('engines');
      const engine = await start();
      try {
        const env = { DOCKER_HOST: engine.host, DOCKER_CONFIG: folder };
        for (const base of await makeBases(join(folder, 'bases'))) await mustRun([debianDockerClient, 'load', '-i', base.archive], { env });
        const listed = await mustRun([debianDockerClient, 'run', '--rm', '--network', 'none', 'example.test/layers:1', 'ls', '-l', '/srv/link/', '/etc'], { env });
        expect(listed).toContain('deep');
        expect(listed).not.toContain('motd');
      } finally {
        await engine.stop();
        await removeFolder(folder);
      }
      expect(existsSync(engine.folder)).toBe(false);
      expect(existsSync(`/proc/${engine.pid}`)).toBe(false);
    }, 120_000);
  });
}
