import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { BuildEvent } from '@strake/api';
import { createBuilder, type Builder, type BuildResult } from 'strake';
import { archivesOf, baseImages } from '../bases/bases';
import { debianDockerClient, debianDockerUnmet, startDebianDocker } from '../engines/debian-docker';
import type { DockerEngine } from '../engines/docker-engine';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { newestClient, startNewestDocker } from '../engines/newest-docker';
import { newestRootUnmet } from '../engines/newest-root';
import { mustRun, run } from '../engines/run';
import { suite } from '../engines/suite';
import { cases, makeContext, type CrossCase, type Unkeyed } from './cases';

const engines: readonly (readonly [string, string | undefined, () => Promise<DockerEngine>, readonly string[], readonly CrossCase[]])[] = [
  ['the newest Docker Engine', newestRootUnmet() ?? unmetNeed({ programs: ['docker'] }), () => startNewestDocker('overlay2'), newestClient(), cases],
  ["Debian's Docker Engine", debianDockerUnmet(), () => startDebianDocker(), [debianDockerClient], cases.filter(({ older }) => older)],
];

/** What was built, step by step. */
interface Built {
  /** First twelve digits of each step's image; a stage's triggers have none of their own in Docker's output. */
  readonly ids: readonly string[];
  readonly cached: readonly boolean[];
  readonly image: string;
}

/** Downloads: what a header says of their time or content is in no key. */
function answer({ url = '' }: IncomingMessage, response: ServerResponse): void {
  if (url === '/dated') response.setHeader('Last-Modified', 'Wed, 21 Oct 2015 07:28:00 GMT');
  if (url.startsWith('/tagged')) response.setHeader('ETag', '"tag"');
  response.end(`what is at ${url}`);
}

for (const [name, unmet, start, client, tried] of engines) {
  suite(`cross-hits with ${name}`, unmet ?? unmetNeed({ root: true, programs: ['busybox', 'setcap', 'setfattr'] }), () => {
    jest.setTimeout(180_000);
    const folder = makeFolder('classic');
    const contexts = [1, 2].map((number) => join(folder, `context${number}`)) as [string, string];
    let engine: DockerEngine;
    let builder: Builder;
    let salts = 0;
    let server: Server;
    /** What the engine's own builder has built, case by case. */
    const built = new Map<CrossCase, Built & Direction>();

    beforeAll(async () => {
      for (const context of contexts) {
        mkdirSync(context);
        makeContext(context);
      }
      engine = await start();
      server = createServer(answer).listen(0, '127.0.0.1');
      for (const archive of archivesOf(await baseImages())) await docker('load', '-i', archive);
      builder = await createBuilder({ backend: 'docker', backendOptions: { host: engine.host }, cache: 'classic', store: join(folder, 'store'), cwd: folder });
    });
    afterAll(async () => {
      await builder?.close();
      await engine?.stop();
      server?.close();
      await removeFolder(folder);
    });

    const env = (): Readonly<Record<string, string>> => ({ DOCKER_HOST: engine.host, DOCKER_CONFIG: folder, DOCKER_BUILDKIT: '0' });
    const docker = (...args: string[]): Promise<string> => mustRun([...client, ...args], { env: env() });

    /** One direction has a folder and a word of its own, so that both can be under way. */
    interface Direction {
      readonly context: string;
      readonly salt: string;
    }
    const salted = (text: string, { salt }: Direction): string => text.replaceAll('SALT', salt).replaceAll('SERVER', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);

    async function byDocker({ dockerfile, buildArgs = {}, labels = {}, target }: CrossCase, direction: Direction, more?: Unkeyed): Promise<Built> {
      const { context, salt } = direction;
      writeFileSync(join(context, 'Dockerfile'), salted(dockerfile, direction));
      const flags = [
        ...Object.entries(buildArgs).flatMap(([key, value]) => ['--build-arg', `${key}=${salted(value, direction)}`]),
        ...Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]),
        ...(target === undefined ? [] : ['--target', target]),
        ...(more?.flags ?? ['--network', 'none']),
      ];
      const { code, output } = await run([...client, 'build', '--iidfile', join(folder, salt), ...flags, context], { env: env() });
      if (code !== 0) throw new Error(output);
      const steps = output.split(/^Step \d+\/\d+ : /m).slice(1).filter((step) => !/^(FROM|ARG META)/.test(step));
      return {
        ids: steps.map((step) => / ---> ([0-9a-f]{12})$/m.exec(step.split('\n').filter((line) => / ---> [0-9a-f]{12}$/.test(line)).at(-1) ?? '')?.[1] ?? ''),
        cached: steps.map((step) => step.includes(' ---> Using cache')),
        image: readFileSync(join(folder, salt), 'utf8'),
      };
    }

    async function byStrake({ dockerfile, buildArgs = {}, labels = {}, target, triggers = 0 }: CrossCase, direction: Direction, more?: Unkeyed, by = builder): Promise<Built> {
      const { context } = direction;
      writeFileSync(join(context, 'Dockerfile'), salted(dockerfile, direction));
      const told: (BuildEvent & { type: 'step' })[] = [];
      const onEvent = (event: BuildEvent): void => void (event.type === 'step' && event.step >= triggers && told.push(event));
      const given = Object.fromEntries(Object.entries(buildArgs).map(([key, value]) => [key, salted(value, direction)]));
      const result: BuildResult = await by.build({ context, buildArgs: given, labels, network: 'none', ...more?.options, onEvent, ...(target === undefined ? {} : { target }) });
      return { ids: told.map(({ image }) => image?.slice(7, 19) ?? ''), cached: told.map(({ cached }) => cached), image: result.imageId };
    }

    async function foundBy(one: CrossCase, first: typeof byDocker, second: typeof byDocker, context: string): Promise<void> {
      const direction = { context, salt: `s${(salts += 1)}` };
      const made = await first(one, direction, one.first);
      if (first === byDocker) built.set(one, { ...made, ...direction });
      one.meanwhile?.(context);
      expect(await second(one, direction)).toEqual({ ...made, cached: made.ids.map(() => true) });
    }

    test.each(tried.map((one) => [one.name, one] as const))('%s: built by docker, found by strake; built by strake, found by docker', async (_name, one) => {
      const forward = foundBy(one, byDocker, byStrake, contexts[0]);
      // Triggers begin a stage without a word of the direction's own: the newest of both would be found.
      if (one.triggers !== undefined) await forward;
      await Promise.all([forward, foundBy(one, byStrake, byDocker, contexts[1])]);
    });

    // The rest is of how a build asks, not of what versions write.
    if (tried !== cases) return;
    const small: CrossCase = { name: 'small', dockerfile: 'FROM example.test/base:1\nLABEL salt=SALT\nRUN true > /made\nENV A=B\nRUN date +%N > /now\n' };
    const again: Unkeyed = { flags: ['--no-cache'], options: { noCache: true } };

    test('of several the newest is found, whoever made it', async () => {
      const direction = { context: contexts[0], salt: 'newest' };
      const ids: string[] = [];
      for (const [make, find] of [[byDocker, byStrake], [byStrake, byDocker], [byDocker, byStrake]] as const) {
        const { image } = await make(small, direction, again);
        expect(await find(small, direction)).toMatchObject({ image, cached: [true, true, true, true] });
        ids.push(image);
      }
      expect(new Set(ids).size).toBe(3);
    });

    test('an image that was loaded is found by --cache-from alone, as docker build finds it', async () => {
      const direction = { context: contexts[0], salt: 'loaded' };
      const archive = join(folder, 'loaded.tar');
      const { image } = await byDocker(small, direction, { flags: ['-t', 'loaded:1'], options: {} });
      await docker('save', '-o', archive, 'loaded:1');
      const references = ['nowhere:1', 'example.test/layers:1', 'loaded:1'];
      const from: Unkeyed = { flags: references.flatMap((reference) => ['--cache-from', reference]), options: { cacheFrom: [...references.slice(0, 2), 'type=registry,ref=loaded:1'] } };
      const found: Built[] = [];
      for (const find of [byStrake, byDocker]) {
        await docker('rmi', 'loaded:1');
        await docker('load', '-i', archive);
        found.push(await find(small, direction, from));
      }
      expect(found[0]).toEqual({ ...found[1], image, cached: [true, true, true, true] });
      const longer = { ...small, dockerfile: `${small.dockerfile}LABEL more=1\n` };
      expect((await byStrake(longer, direction, from)).cached).toEqual([true, true, true, true, false]);
    });

    test('a build that is cancelled leaves the images of what is finished and nothing else; the next build of either begins there', async () => {
      const begin = { name: 'cancelled', dockerfile: 'FROM example.test/base:1\nLABEL salt=SALT\nRUN true > /made\nENV A=B\n' };
      const direction = { context: contexts[0], salt: 'cancelled' };
      const left = async (): Promise<readonly number[]> => {
        const images = await docker('images', '--all', '--quiet', '--filter', 'label=salt=cancelled');
        return [images, await docker('ps', '--all', '--quiet')].map((ids) => ids.split('\n').filter(Boolean).length);
      };
      const stop = new AbortController();
      const onEvent = ({ type }: BuildEvent): void => void (type === 'log' && stop.abort());
      writeFileSync(join(direction.context, 'Dockerfile'), salted(`${begin.dockerfile}RUN echo begun && sleep 600\n`, direction));
      await expect(builder.build({ context: direction.context, network: 'none', onEvent, signal: stop.signal })).rejects.toMatchObject({ code: 'CANCELLED' });
      expect(await left()).toEqual([3, 0]);
      for (const [at, next] of [byDocker, byStrake].entries()) {
        expect((await next({ ...begin, dockerfile: `${begin.dockerfile}LABEL next=${at}\n` }, direction)).cached).toEqual([true, true, true, false]);
        expect(await left()).toEqual([4 + at, 0]);
      }
    });

    test('what docker save wrote gives the same images on the embedded backend', async () => {
      const archive = join(folder, 'all.tar');
      const images = new Set([...built.values()].flatMap(({ ids }) => ids));
      // Without a layer an engine saves nothing.
      const inspected = JSON.parse(await docker('inspect', ...images)) as readonly { readonly Id: string; readonly RootFS: { readonly Layers?: readonly string[] } }[];
      const layered = inspected.filter(({ RootFS: { Layers = [] } }) => Layers.length > 0).map(({ Id }) => Id);
      const names = (await docker('images', '--format', '{{.Repository}}:{{.Tag}}', 'example.test/*')).trim().split('\n');
      await docker('save', '-o', archive, ...names, ...layered);
      const embedded = await createBuilder({ backend: 'embedded', cache: 'classic', store: join(folder, 'embedded'), cwd: folder });
      try {
        await embedded.images().load(archive, { signal: new AbortController().signal });
        for (const [one, { image, ids, ...direction }] of built) {
          expect(await byStrake(one, direction, { flags: [], options: { cacheFrom: layered.toReversed().filter((id) => ids.includes(id.slice(7, 19))) } }, embedded)).toMatchObject({ image, cached: ids.map(() => true) });
        }
      } finally {
        await embedded.close();
      }
    });
  });
}
