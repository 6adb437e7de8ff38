import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { BuildEvent } from '@strake/api';
import { createBuilder, type Builder, type BuildResult } from 'strake';
import { archivesOf, baseImages } from '../bases/bases';
import { strakeCommand, strakeUnmet } from '../builders/strake';
import { debianDockerClient, debianDockerUnmet, startDebianDocker } from '../engines/debian-docker';
import type { DockerEngine } from '../engines/docker-engine';
import { dockerRegistryUnmet, startDockerRegistry, type TestRegistry } from '../engines/docker-registry';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { newestClient, startNewestDocker } from '../engines/newest-docker';
import { newestRootUnmet } from '../engines/newest-root';
import { mustRun, run } from '../engines/run';
import { suite } from '../engines/suite';
import { compareFacts } from '../image/compare-facts';
import { readFacts } from '../image/image-facts';
import { cases, makeContext, type CrossCase, type Unkeyed } from './cases';

const engines: readonly (readonly [string, string | undefined, () => Promise<DockerEngine>, readonly string[], readonly CrossCase[]])[] = [
  ['the newest Docker Engine', newestRootUnmet() ?? unmetNeed({ programs: ['docker'] }), () => startNewestDocker('overlay2'), newestClient(), cases],
  ["Debian's Docker Engine", debianDockerUnmet(), () => startDebianDocker(['--experimental']), [debianDockerClient], cases.filter(({ older }) => older)],
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
  if (url.startsWith('/said')) response.setHeader('Content-Disposition', 'attachment; filename="of the header"');
  response.end(`what is at ${url}`);
}

for (const [name, unmet, start, client, tried] of engines) {
  suite(`cross-hits with ${name}`, unmet ?? strakeUnmet() ?? dockerRegistryUnmet() ?? unmetNeed({ root: true, programs: ['busybox', 'setcap', 'setfattr'] }), () => {
    jest.setTimeout(180_000);
    let folder = '';
    let contexts: [string, string] = ['', ''];
    let engine: DockerEngine;
    let builder: Builder;
    let salts = 0;
    let server: Server;
    let registry: TestRegistry;
    /** What the engine's own builder has built, case by case. */
    const built = new Map<CrossCase, Built & Direction>();

    beforeAll(async () => {
      folder = makeFolder('classic');
      contexts = [join(folder, 'context1'), join(folder, 'context2')];
      for (const context of contexts) {
        mkdirSync(context);
        makeContext(context);
      }
      engine = await start();
      if (tried === cases) registry = await startDockerRegistry();
      server = createServer(answer).listen(0, '127.0.0.1');
      for (const archive of archivesOf(await baseImages())) await docker('load', '-i', archive);
      builder = await createBuilder({ backend: 'docker', backendOptions: { host: engine.host }, cache: 'classic', store: join(folder, 'store'), cwd: folder });
    });
    afterAll(async () => {
      await builder?.close();
      await engine?.stop();
      await registry?.stop();
      server?.close();
      await removeFolder(folder);
    });

    const env = (): Readonly<Record<string, string>> => ({ DOCKER_HOST: engine.host, DOCKER_CONFIG: folder, DOCKER_BUILDKIT: '0' });
    const push = async (image: string, name: string): Promise<void> => {
      await docker('tag', image, name);
      await docker('push', '-q', name);
    };
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

    test('a build that is cancelled leaves the images of what is finished and nothing else; the next build of either begins there', async () => {
      const begin = { name: 'cancelled', dockerfile: 'FROM example.test/base:1\nLABEL salt=SALT\nRUN true > /made\nENV A=B\n' };
      const direction = { context: contexts[0], salt: 'cancelled' };
      const left = async (): Promise<readonly number[]> => {
        const images = await docker('images', '--all', '--quiet', '--filter', 'label=salt=cancelled');
        return [images, await docker('ps', '--all', '--quiet')].map((ids) => ids.split('\n').filter(Boolean).length);
      };
      writeFileSync(join(direction.context, 'Dockerfile'), salted(`${begin.dockerfile}RUN echo begun && sleep 600\n`, direction));
      await (tried === cases ? cancelled(direction.context) : interrupted(direction.context));
      expect(await left()).toEqual([3, 0]);
      for (const [at, next] of [byDocker, byStrake].entries()) {
        expect((await next({ ...begin, dockerfile: `${begin.dockerfile}LABEL next=${at}\n` }, direction)).cached).toEqual([true, true, true, false]);
        expect(await left()).toEqual([4 + at, 0]);
      }
    });

    async function cancelled(context: string): Promise<void> {
      const stop = new AbortController();
      const onEvent = ({ type }: BuildEvent): void => void (type === 'log' && stop.abort());
      await expect(builder.build({ context, network: 'none', onEvent, signal: stop.signal })).rejects.toMatchObject({ code: 'CANCELLED' });
    }

    /** Ctrl-C, as the command has it. */
    async function interrupted(context: string): Promise<void> {
      const [program = '', ...args] = strakeCommand;
      const child = spawn(program, [...args, 'build', '--backend', 'docker', '--cache', 'classic', '--network', 'none', '--progress', 'plain', context], { env: { ...process.env, ...env(), STRAKE_STORE: join(folder, 'store') }, stdio: ['ignore', 'ignore', 'pipe'] });
      const code = new Promise((resolve) => child.once('close', resolve));
      let told = '';
      let pressed = false;
      for await (const text of child.stderr.setEncoding('utf8') as AsyncIterable<string>) {
        told += text;
        // A second one ends it at once.
        if (!pressed && /\bbegun$/m.test(told)) pressed = child.kill('SIGINT');
      }
      expect({ told, code: await code }).toMatchObject({ code: 130 });
    }

    if (tried !== cases) {
      test('--squash: the history, sizes and tree of docker build --squash', async () => {
        const { context } = { context: contexts[0] };
        writeFileSync(join(context, 'Dockerfile'), 'FROM example.test/base:1\nLABEL squashed=yes\nRUN mkdir -m 700 /d && echo 1 > /d/a\nCOPY a.txt /d/b\nENV X=y\nRUN rm /d/a /etc/motd && chmod 711 /d\nCMD ["sh"]\n');
        await docker('build', '--squash', '--network', 'none', '-t', 'squashed:docker', context);
        await builder.build({ context, network: 'none', noCache: true, squash: true, tags: ['squashed:strake'] });
        const seen = await Promise.all(['docker', 'strake'].map(async (tag) => {
          const archive = join(folder, `${tag}.tar`);
          await docker('save', '-o', archive, `squashed:${tag}`);
          const history = await docker('history', '--no-trunc', '--format', '{{.CreatedBy}}|{{.Size}}|{{.Comment}}', `squashed:${tag}`);
          return { facts: readFacts(archive), history: history.replace(/sha256:[0-9a-f]{64}/g, 'ID') };
        }));
        const [theirs, ours] = seen;
        expect(ours?.history).toBe(theirs?.history);
        expect(ours?.history).toContain('merge ID to ID');
        if (theirs !== undefined && ours !== undefined) expect(compareFacts(theirs.facts, ours.facts).filter(({ where }) => !where.includes('.comment'))).toEqual([]);
      });
      return;
    }
    // The rest is of how a build asks, not of what versions write.
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

    test('--pull: both go on from what the registry has now', async () => {
      const name = `${registry.host}/pulled:1`;
      const one: CrossCase = { name: 'pulled', dockerfile: `FROM ${name}\nLABEL salt=SALT\nRUN true > /made\n` };
      const always: Unkeyed = { flags: ['--pull', '--network', 'none'], options: { pull: 'always' } };
      const direction = { context: contexts[0], salt: 'pulled' };
      await push('example.test/base:1', name);
      const first = await byDocker(one, direction, always);
      expect(await byStrake(one, direction, always)).toMatchObject({ image: first.image, cached: [true, true] });
      await push('example.test/layers:1', name);
      await docker('tag', 'example.test/base:1', name);
      expect(await byStrake(one, direction)).toMatchObject({ image: first.image, cached: [true, true] });
      const second = await byStrake(one, direction, always);
      expect(second.cached).toEqual([false, false]);
      expect(await byDocker(one, direction, always)).toMatchObject({ image: second.image, cached: [true, true] });
    });

    test('--cache-from of an image that only a registry has finds nothing, as docker build pulls none; once pulled it is found', async () => {
      const name = `${registry.host}/cached:1`;
      const direction = { context: contexts[0], salt: 'registry' };
      const { image } = await byDocker(small, direction, { flags: ['-t', name], options: {} });
      await docker('push', '-q', name);
      await docker('rmi', name);
      const from: Unkeyed = { flags: ['--cache-from', name, '--network', 'none'], options: { cacheFrom: [`type=registry,ref=${name}`] } };
      for (const find of [byDocker, byStrake]) expect((await find(small, direction, from)).cached).toEqual([false, false, false, false]);
      await docker('pull', '-q', name);
      for (const find of [byStrake, byDocker]) expect(await find(small, direction, from)).toMatchObject({ image, cached: [true, true, true, true] });
    });

    test('a download has the name that docker build gives it: of the path, else of the header; without either it is refused', async () => {
      const direction = { context: contexts[0], salt: 'named' };
      const adding = (...paths: readonly string[]): CrossCase => ({ name: 'named', dockerfile: `FROM example.test/base:1\nLABEL salt=SALT\n${paths.map((path) => `ADD SERVER/${path} /r/\n`).join('')}` });
      const named = adding('dir/file?x=/y', 'said/other', 'escaped%20name', 'said/');
      const made = await byDocker(named, direction);
      expect(await byStrake(named, direction)).toEqual({ ...made, cached: [true, true, true, true, true] });
      expect(await docker('run', '--rm', '--network', 'none', made.image, 'ls', '/r')).toBe('escaped name\nfile\nof the header\nother\n');
      for (const by of [byDocker, byStrake]) await expect(by(adding('dir/'), direction)).rejects.toThrow('cannot determine filename for source');
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
