import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildEvent } from '@strake/api';
import { createBuilder, type Builder, type BuildResult } from 'strake';
import { makeBases } from '../bases/bases';
import { debianDockerClient, debianDockerUnmet, startDebianDocker } from '../engines/debian-docker';
import type { DockerEngine } from '../engines/docker-engine';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { newestClient, startNewestDocker } from '../engines/newest-docker';
import { newestRootUnmet } from '../engines/newest-root';
import { mustRun, run } from '../engines/run';
import { suite } from '../engines/suite';
import { cases, makeContext, type CrossCase } from './cases';

const engines: readonly (readonly [string, string | undefined, () => Promise<DockerEngine>, readonly string[], readonly CrossCase[]])[] = [
  ['the newest Docker Engine', newestRootUnmet() ?? unmetNeed({ programs: ['docker'] }), () => startNewestDocker('overlay2'), newestClient(), cases],
  ["Debian's Docker Engine", debianDockerUnmet(), () => startDebianDocker(), [debianDockerClient], cases.slice(0, 2)],
];

/** What was built, step by step. */
interface Built {
  /** First twelve digits of each step's image; a stage's triggers have none of their own in Docker's output. */
  readonly ids: readonly string[];
  readonly cached: readonly boolean[];
  readonly image: string;
}

for (const [name, unmet, start, client, tried] of engines) {
  suite(`cross-hits with ${name}`, unmet ?? unmetNeed({ root: true, programs: ['busybox', 'setcap'] }), () => {
    jest.setTimeout(180_000);
    const folder = makeFolder('classic');
    const context = join(folder, 'context');
    let engine: DockerEngine;
    let builder: Builder;
    let salt = 0;

    beforeAll(async () => {
      mkdirSync(context);
      makeContext(context);
      engine = await start();
      for (const base of await makeBases(join(folder, 'bases'))) await docker('load', '-i', base.archive);
      builder = await createBuilder({ backend: 'docker', backendOptions: { host: engine.host }, cache: 'classic', store: join(folder, 'store'), cwd: folder });
    });
    afterAll(async () => {
      await builder?.close();
      await engine?.stop();
      await removeFolder(folder);
    });

    const env = (): Readonly<Record<string, string>> => ({ DOCKER_HOST: engine.host, DOCKER_CONFIG: folder, DOCKER_BUILDKIT: '0' });
    const docker = (...args: string[]): Promise<string> => mustRun([...client, ...args], { env: env() });
    const salted = (text: string): string => text.replaceAll('SALT', `s${salt}`);

    async function byDocker({ dockerfile, buildArgs = {}, labels = {}, target }: CrossCase): Promise<Built> {
      writeFileSync(join(context, 'Dockerfile'), salted(dockerfile));
      const flags = [
        ...Object.entries(buildArgs).flatMap(([key, value]) => ['--build-arg', `${key}=${salted(value)}`]),
        ...Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]),
        ...(target === undefined ? [] : ['--target', target]),
      ];
      const { code, output } = await run([...client, 'build', '--network', 'none', '--iidfile', join(folder, 'iid'), ...flags, context], { env: env() });
      if (code !== 0) throw new Error(output);
      const steps = output.split(/^Step \d+\/\d+ : /m).slice(1).filter((step) => !/^(FROM|ARG META)/.test(step));
      return {
        ids: steps.map((step) => / ---> ([0-9a-f]{12})$/m.exec(step.split('\n').filter((line) => / ---> [0-9a-f]{12}$/.test(line)).at(-1) ?? '')?.[1] ?? ''),
        cached: steps.map((step) => step.includes(' ---> Using cache')),
        image: (await docker('inspect', '--format', '{{.Id}}', /Successfully built ([0-9a-f]{12})/.exec(output)?.[1] ?? '')).trim(),
      };
    }

    async function byStrake({ dockerfile, buildArgs = {}, labels = {}, target }: CrossCase, triggers = 0): Promise<Built> {
      writeFileSync(join(context, 'Dockerfile'), salted(dockerfile));
      const told: (BuildEvent & { type: 'step' })[] = [];
      const onEvent = (event: BuildEvent): void => void (event.type === 'step' && event.step >= triggers && told.push(event));
      const given = Object.fromEntries(Object.entries(buildArgs).map(([key, value]) => [key, salted(value)]));
      const result: BuildResult = await builder.build({ context, buildArgs: given, labels, network: 'none', onEvent, ...(target === undefined ? {} : { target }) });
      return { ids: told.map(({ image }) => image?.slice(7, 19) ?? ''), cached: told.map(({ cached }) => cached), image: result.imageId };
    }

    describe.each(tried.map((one) => [one.name, one] as const))('%s', (_name, one) => {
      const triggers = one.name === 'triggers of a base' ? 4 : 0;

      test('built by docker, found by strake; built by strake, found by docker', async () => {
        for (const [first, second] of [[byDocker, byStrake], [byStrake, byDocker]]) {
          salt += 1;
          const [made, found] = [await first?.(one, triggers), await second?.(one, triggers)];
          expect(found).toEqual({ ...made, cached: made?.ids.map(() => true) });
        }
      });
    });
  });
}
