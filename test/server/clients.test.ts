import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineInstruction, type CacheStrategy } from '@strake/api';
import { createContentCache, type Factory } from 'strake';
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

/** Finds no step whose line says so, and asks another strategy of the others. */
const fresh: Factory<CacheStrategy> = ({ store }) => {
  const inner = createContentCache(store);
  return { name: 'fresh', record: (query, result) => inner.record(query, result), lookup: async (query) => (query.vertex.note.name.includes('anew') ? { hit: false, reason: 'not wanted' } : inner.lookup(query)) };
};

const DOCKERFILE = `FROM scratch AS base
COPY busybox /bin/sh
INCLUDE common.steps greeting=hello
STAMP by strake
RUN --retry=2 --timeout=1m --mount=type=cache,target=/tries test -e /tries/one || { echo 1 > /tries/one; exit 1; }
RUN echo anew
FROM base
ASSERT test "$GREETING" = hello
SQUASH BEGIN
RUN echo 1 > /one
RUN echo 2 > /two
SQUASH END
`;

suite('plugins of the configuration', unmetNeed({ root: true, programs: ['docker', 'busybox', 'crun'] }), () => {
  let started: StartedServer;
  beforeAll(async () => (started = await startServer({}, { plugins: [STAMP, 'include', 'assert', 'run-control', 'squash'], cache: fresh })));
  afterAll(() => started.close());

  test('a plain docker build gains instructions and a cache policy', async () => {
    const context = join(started.folder, 'context');
    writeContext(context, DOCKERFILE);
    writeFileSync(join(context, 'common.steps'), 'ENV GREETING=$greeting\n');
    const build = () => started.docker('build', '-t', 'stamped', context);
    const built = await build();
    expect(built).toMatchObject({ code: 0, stdout: expect.stringContaining(' : STAMP by strake\n') as unknown });
    const { stdout } = await started.docker('inspect', '--format', '{{.Config.Labels.stamp}} {{.Config.Env}} {{len .RootFS.Layers}}', 'stamped');
    expect(stdout).toEqual(expect.stringMatching(/^by strake \[.* GREETING=hello\] 4\n$/));
    const again = (await build()).stdout;
    expect([again.match(/Using cache/g)?.length, again]).toEqual([10, expect.stringMatching(/RUN echo anew\n ---> Running in \w+\nanew\n/)]);
    writeFileSync(join(context, 'Dockerfile'), DOCKERFILE.replace('= hello', '= goodbye'));
    expect(await build()).toMatchObject({ code: 1, stderr: expect.stringContaining("= goodbye' returned a non-zero code: 1") as unknown });
    writeFileSync(join(context, 'Dockerfile'), `${DOCKERFILE}RUN --timeout=1s sleep 100\n`);
    expect(await build()).toMatchObject({ code: 1, stderr: expect.stringContaining('did not end within 1 s') as unknown });
  }, 120_000);
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
