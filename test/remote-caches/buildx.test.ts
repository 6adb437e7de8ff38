import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dockerRegistryUnmet, startDockerRegistry, type TestRegistry } from '../engines/docker-registry';
import type { DockerEngine } from '../engines/docker-engine';
import { newestBuildx, startNewestDocker } from '../engines/newest-docker';
import { newestRootUnmet } from '../engines/newest-root';
import { mustRun, run } from '../engines/run';
import { suite } from '../engines/suite';
import { buildsUnmet, Machines, shell, type Machine } from './two-machines';

jest.setTimeout(300_000);

const app = `${shell}FROM shell AS build
COPY src /src
RUN cat /src/* > /made && echo noise > /noise
FROM shell AS other
RUN echo other > /other
FROM shell AS app
COPY --from=build /made /made
COPY --from=other /other /other
RUN echo last > /last
`;

/** What somebody changes before another machine builds. */
const edits: readonly (readonly [string, string])[] = [
  ['nothing', app],
  ['the last step', app.replace('echo last', 'echo end')],
  ['a step of a stage that only gives a file, and not the file', app.replace('echo noise', 'echo loud')],
  ['a step of a stage, and the file', app.replace('echo other >', 'echo another >')],
];

suite('which steps are kept, beside buildx', newestRootUnmet() ?? dockerRegistryUnmet() ?? buildsUnmet, () => {
  let registry: TestRegistry;
  let engine: DockerEngine;
  let machines: Machines;
  let first: Machine;

  beforeAll(async () => {
    registry = await startDockerRegistry();
    engine = await startNewestDocker();
    machines = new Machines('caches-buildx');
    machines.write('src/a', 'a\n');
    first = await machines.machine();
  });
  afterAll(async () => {
    await machines.end();
    await engine.stop();
    await registry.stop();
  });

  /** Builds on an engine that has nothing, and answers the steps that were made. */
  async function buildx(text: string, ...flags: readonly string[]): Promise<readonly string[]> {
    const env = { DOCKER_HOST: engine.host, HOME: machines.folder };
    await mustRun([...newestBuildx(), 'prune', '-af'], { env });
    const file = join(machines.folder, 'Dockerfile.buildx');
    writeFileSync(file, text);
    const { code, stderr } = await run([...newestBuildx(), 'build', '--network', 'none', '--progress', 'rawjson', '--provenance=false', '-f', file, ...flags, join(machines.folder, 'context')], { env });
    expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
    const [made, cachedOnes] = [new Set<string>(), new Set<string>()];
    for (const line of stderr.split('\n').filter((one) => one.startsWith('{'))) {
      for (const { name = '', cached, completed } of (JSON.parse(line) as { vertexes?: readonly { name?: string; cached?: boolean; completed?: string }[] }).vertexes ?? []) {
        if (!/^\[\S+ \d+\/\d+\]/.test(name) || completed === undefined) continue;
        (cached === true ? cachedOnes : made).add(name.replace(/ \d+\/\d+\]/, ']'));
      }
    }
    return [...made].filter((name) => !cachedOnes.has(name)).sort();
  }

  test.each(['min', 'max'])('mode=%s', async (mode) => {
    const place = (builder: string): string => `type=registry,ref=${registry.host}/${builder}:${mode}`;
    await buildx(app, '--cache-to', `${place('buildx')},mode=${mode}`);
    await first.build(app, { network: 'none', cacheTo: [`${place('strake')},mode=${mode}`] });
    for (const [what, text] of edits) {
      const theirs = await buildx(text, '--cache-from', place('buildx'));
      const { steps } = await (await machines.machine()).build(text, { network: 'none', cacheFrom: [place('strake')] });
      const ours = Object.entries(steps).filter(([, how]) => how === 'made').map(([step]) => step).sort();
      expect({ what, made: ours }).toEqual({ what, made: theirs });
    }
  });

  test('their caches are called by their name, and build on', async () => {
    await buildx(app, '--cache-to', `type=registry,ref=${registry.host}/theirs:1`);
    await buildx(app, '-t', `${registry.host}/inline:1`, '--push', '--cache-to', 'type=inline');
    const { warnings } = await first.build(app, { network: 'none', cacheFrom: [`${registry.host}/theirs:1`, `${registry.host}/inline:1`] });
    expect(warnings).toMatchObject([/a cache of BuildKit/, /BuildKit's inline cache/].map((message) => ({ code: 'CacheNotImported', message: expect.stringMatching(message) as string })));
  });
});
