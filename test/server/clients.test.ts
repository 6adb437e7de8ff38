import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineInstruction } from '@strake/api';
import { unmetNeed } from '../engines/need';
import { run } from '../engines/run';
import { suite } from '../engines/suite';
import { startServer, type StartedServer } from './start-server';

const STAMP = defineInstruction({ keyword: 'STAMP', summary: 'labels the image', args: { kind: 'words', min: 1 }, lower: ({ args }) => ({ config: { labels: { stamp: args.join(' ') } } }) });

/** A context with busybox as its shell. */
function writeContext(folder: string, dockerfile: string): void {
  mkdirSync(folder);
  copyFileSync('/bin/busybox', join(folder, 'busybox'));
  writeFileSync(join(folder, 'Dockerfile'), dockerfile);
}

suite('plugins of the configuration', unmetNeed({ root: true, programs: ['docker', 'busybox', 'crun'] }), () => {
  let started: StartedServer;
  beforeAll(async () => (started = await startServer({}, { plugins: [STAMP] })));
  afterAll(() => started.close());

  test('docker build gains an instruction', async () => {
    writeContext(join(started.folder, 'stamped'), 'FROM scratch\nSTAMP by strake\n');
    const built = await started.docker('build', '-t', 'stamped', join(started.folder, 'stamped'));
    expect(built).toMatchObject({ code: 0, stdout: expect.stringContaining('Step 2/2 : STAMP by strake\n') as unknown });
    expect((await started.docker('inspect', '--format', '{{.Config.Labels.stamp}}', 'stamped')).stdout).toBe('by strake\n');
  });
});

suite("docker-compose's classic build", unmetNeed({ root: true, programs: ['docker-compose', 'busybox', 'crun'] }), () => {
  let started: StartedServer;
  beforeAll(async () => (started = await startServer()));
  afterAll(() => started.close());

  test('builds the services of a project', async () => {
    writeContext(join(started.folder, 'app'), 'FROM scratch\nARG V=0\nCOPY busybox /bin/sh\nRUN echo v=$V\n');
    const file = join(started.folder, 'docker-compose.yml');
    writeFileSync(file, 'version: "3.4"\nservices:\n  web:\n    image: web:1\n    build: { context: app, args: { V: "5" }, labels: { from: compose }, shm_size: 16m }\n');
    const env = { DOCKER_HOST: `unix://${started.socket}`, COMPOSE_DOCKER_CLI_BUILD: '0', DOCKER_BUILDKIT: '0' };
    const built = await run(['docker-compose', '-f', file, 'build'], { env, cwd: started.folder });
    expect(built).toMatchObject({ code: 0, stdout: expect.stringMatching(/^v=5$[^]*^Successfully tagged web:1$/m) as unknown });
    expect((await started.builder.images().get('web:1')).config.config?.Labels).toEqual({ from: 'compose' });
  }, 60_000);
});
