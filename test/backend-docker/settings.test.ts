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

  /** Every line that the programs of a build print. */
  async function printed(text: string): Promise<readonly string[]> {
    const output: Buffer[] = [];
    const onEvent = (event: BuildEvent): void => void (event.type === 'log' && output.push(Buffer.from(event.data)));
    await builders[0]?.build({ context: join(folder, 'context'), dockerfile: { text: `FROM example.test/base:1\n${text}`, name: 'Dockerfile' }, network: 'none', pull: 'never', noCache: true, onEvent });
    return Buffer.concat(output).toString().split('\n');
  }

  it('users by name and number, with their groups and homes', async () => {
    const accounts = "RUN printf 'worker:x:1234:1235::/home/worker:/bin/sh\\n' >> /etc/passwd; printf 'one:x:1300:worker\\ncrew:x:1301:\\n' >> /etc/group\n";
    expect(await printed(`${accounts}USER worker\nRUN id -u; id -G; echo $HOME; echo said > /dev/stdout\nUSER 77:crew\nRUN id -u; id -G; echo $HOME\n`)).toEqual([
      '1234', '1235 1300', '/home/worker', 'said', '77', '1301', '/', '',
    ]);
  }, 60_000);

  it('a directory that an earlier program removed, no input, and any bytes as output', async () => {
    expect(await printed("WORKDIR /w\nRUN cd / && rm -r /w\nRUN pwd; cat; printf 'a\\0b'\n")).toEqual(['/w', 'a\0b']);
  }, 60_000);

  it.each([
    ['RUN exit 3', { code: 'STEP_FAILED', exitCode: 3 }],
    ['RUN kill -9 $$', { code: 'STEP_FAILED', exitCode: 137 }],
    ['RUN ["no-such-program"]', { code: 'STEP_FAILED', notes: [expect.stringContaining('no-such-program')] }],
    ['USER nobody-of-that-name\nRUN true', { code: 'INVALID_ARGUMENTS', message: expect.stringContaining('nobody-of-that-name') as unknown }],
  ])('how %s ends', async (text, error) => {
    await expect(printed(`${text}\n`)).rejects.toMatchObject(error);
  }, 60_000);
});
