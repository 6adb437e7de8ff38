import { createReadStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createBuilder, type Builder, type BuildEvent } from 'strake';
import { makeBases } from '../bases/bases';
import { debianDockerUnmet, startDebianDocker } from '../engines/debian-docker';
import type { DockerEngine } from '../engines/docker-engine';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { suite } from '../engines/suite';

suite('what a program of an engine gets', debianDockerUnmet(), () => {
  let folder = '';
  let engine: DockerEngine;
  const builders: Builder[] = [];

  beforeAll(async () => {
    folder = makeFolder('settings');
    mkdirSync(join(folder, 'context'));
    engine = await startDebianDocker();
    for (const cache of ['content', 'classic']) builders.push(await createBuilder({ store: join(folder, 'store'), backend: 'docker', backendOptions: { host: engine.host }, cache }));
    for (const { archive } of await makeBases(join(folder, 'bases'))) await builders[0]?.images().load(createReadStream(archive), { signal: new AbortController().signal });
  }, 120_000);

  afterAll(async () => {
    for (const builder of builders) await builder.close();
    await engine?.stop();
    await removeFolder(folder);
  }, 60_000);

  it.each([['fast', 0], ['classic', 1]] as const)('limits and hosts, in the %s way', async (_way, at) => {
    const lines: string[] = [];
    const onEvent = (event: BuildEvent): void => void (event.type === 'log' && lines.push(event.data.toString()));
    const text = 'FROM example.test/base:1\nRUN ulimit -n; df -k /dev/shm | tail -n 1; tail -n 2 /etc/hosts\n';
    await builders[at]?.build({
      context: join(folder, 'context'), dockerfile: { text, name: 'Dockerfile' }, network: 'none', pull: 'never', noCache: true, onEvent,
      limits: { shmSize: 8 * 1024 * 1024, ulimits: [{ name: 'nofile', soft: 77, hard: 77 }] }, extraHosts: ['one.test:1.2.3.4', 'two.test:1.2.3.5'],
    });
    expect(lines.join('').split('\n').map((line) => line.trim().split(/\s+/).slice(0, 2))).toEqual([['77'], ['shm', '8192'], ['1.2.3.4', 'one.test'], ['1.2.3.5', 'two.test'], ['']]);
  }, 60_000);
});
