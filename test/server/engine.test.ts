import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DockerEngine } from '../engines/docker-engine';
import { dockerRegistryUnmet, startDockerRegistry, type TestRegistry } from '../engines/docker-registry';
import { unmetNeed } from '../engines/need';
import { startNewestDocker } from '../engines/newest-docker';
import { newestRootUnmet } from '../engines/newest-root';
import { run } from '../engines/run';
import { suite } from '../engines/suite';
import { startWatchedRegistry } from '../backend-docker/watched-registry';
import { COMMANDS, CONTEXTS, type EngineCommand } from './engine-commands';
import { send, startServer, type StartedServer } from './start-server';

const needs = unmetNeed({ root: true, programs: ['docker', 'busybox', 'crun', 'tar'] }) ?? newestRootUnmet() ?? dockerRegistryUnmet();

/** Who is asked: the engine, strake on its own store, strake on that engine. Their names are of one length, so that tables have the same columns. */
const TARGETS = ['engine', 'strake', 'strdoc'] as const;
type Target = (typeof TARGETS)[number];

suite('docker commands, beside an engine', needs, () => {
  let [engine, registry]: [DockerEngine?, TestRegistry?] = [];
  const servers: StartedServer[] = [];
  const hosts = new Map<Target, string>();
  let folder = '';

  beforeAll(async () => {
    [engine, registry] = await Promise.all([startNewestDocker('overlay2'), startDockerRegistry()]);
    servers.push(await startServer(), await startServer({}, { backend: 'docker', backendOptions: { host: engine.host } }));
    folder = servers[0]?.folder ?? '';
    for (const [at, host] of [engine.host, ...servers.map(({ socket }) => `unix://${socket}`)].entries()) hosts.set(TARGETS[at] ?? 'engine', host);
    for (const [name, files] of Object.entries(CONTEXTS)) {
      for (const target of TARGETS) {
        const context = join(folder, target, name);
        mkdirSync(context, { recursive: true });
        copyFileSync('/bin/busybox', join(context, 'busybox'));
        for (const [path, text] of Object.entries(files)) writeFileSync(join(context, path), text.replaceAll('NAME', target));
      }
    }
  }, 120_000);

  afterAll(async () => {
    for (const server of servers) await server.close();
    await Promise.all([engine?.stop(), registry?.stop()]);
  }, 60_000);

  async function ask(target: Target, { words, shell, input }: EngineCommand): Promise<string> {
    const env = { DOCKER_HOST: hosts.get(target) ?? '', DOCKER_BUILDKIT: '0', DOCKER_CONFIG: join(folder, 'docker') };
    const id = words.includes('ID') ? (await run(['docker', 'images', '-q', '--no-trunc', `${target}:1`], { env })).stdout.trim() : '';
    const filled = (text: string): string => text.replaceAll('NAME', target).replaceAll('FOLDER', join(folder, target)).replaceAll('REGISTRY', registry?.host ?? '').replace(/^ID$/, id);
    const { code, stdout, stderr } = await run(shell === undefined ? ['docker', ...words.map(filled)] : ['sh', '-c', filled(shell)], { env, ...(input === undefined ? {} : { input }) });
    return `${[stdout, stderr].map((text) => (text === '' || text.endsWith('\n') ? text : `${text}\n`)).join('')}[${code}]`.replaceAll(target, 'NAME');
  }

  /** What differs from one run to the next. */
  function settled(text: string): string {
    return text.split('\n').filter((line) => !/^DEPRECATED: |^ {12}/.test(line) && line.trim() !== '').join('\n')
      .replace(/sha256:[0-9a-f]{64}/g, 'sha256:ID').replace(/\b[0-9a-f]{12}\b/g, 'ID').replace(/\b\d+(?:\.\d+)?[kMG]?B\b/g, 'SIZE')
      .replace(/\b(?:About an?|Less than a|\d+) (?:second|minute)s? ago/g, 'TIME').replaceAll(folder, 'FOLDER').replaceAll(registry?.host ?? '-', 'REGISTRY').replace(/ {2,}/g, '  ');
  }

  /** Without the differences that are meant. */
  const alike = (text: string, { apart = [] }: EngineCommand): string => apart.reduce((all, { pattern, by }) => all.replace(pattern, by), text);

  test.each(COMMANDS.map((command) => [command.shell ?? command.words.join(' '), command] as const))('docker %s', async (_name, command) => {
    const asked = TARGETS.filter((target) => target !== 'strdoc' || command.backendless !== true);
    const answers = new Map(await Promise.all(asked.map(async (target) => [target, alike(settled(await ask(target, command)), command)] as const)));
    for (const target of asked.slice(1)) expect(`${target}: ${answers.get(target) ?? ''}`).toBe(`${target}: ${answers.get('engine') ?? ''}`);
  }, 60_000);

  /** The command on strake with that engine as its backend. */
  const onEngine = async (...words: readonly string[]): Promise<string> => settled(await ask('strdoc', { words }));
  const onItself = async (...words: readonly string[]): Promise<string> => settled(await ask('engine', { words })).replaceAll('strdoc', 'NAME');

  describe('with the engine as its backend', () => {
    test('what builds keep to begin with is nobody\'s image, unless all are asked for', async () => {
      await onEngine('build', '--network', 'none', '-t', 'NAME:kept', 'FOLDER/shared');
      expect(await onItself('images', 'strake-cache')).toMatch(/strake-cache/);
      expect(await onEngine('images')).not.toMatch(/strake-cache/);
      expect(await onEngine('images', '-a')).toMatch(/strake-cache/);
      // Nor does pruning take them away: the next build begins with them.
      expect(await onEngine('image', 'prune', '-a', '-f', '--filter', 'label=strdoc')).toMatch(/^Deleted Images:\nuntagged: NAME:kept\n(?:deleted: sha256:ID\n)+Total reclaimed space: SIZE\n\[0\]$/);
      expect(await onItself('images', 'strake-cache')).toMatch(/strake-cache/);
      expect(await onEngine('build', '--network', 'none', '-t', 'NAME:kept', 'FOLDER/shared')).toMatch(/RUN echo one > \/one\n ---> Using cache\n/);
      await onEngine('rmi', 'NAME:kept');
    }, 60_000);

    test('histories, parents and digests are those of the engine', async () => {
      await ask('engine', { words: ['build', '--network', 'none', '-t', 'NAME:classic', 'FOLDER/app'] });
      await ask('engine', { words: ['tag', 'NAME:classic', 'REGISTRY/NAME:classic'] });
      await ask('engine', { words: ['push', '-q', 'REGISTRY/NAME:classic'] });
      for (const words of [['history', '--no-trunc', '--format', '{{.ID}} {{.CreatedAt}} {{.CreatedBy}} {{.Size}} {{.Comment}}', 'engine:classic'], ['inspect', '--format', '{{.Parent}} {{.RepoTags}} {{.RepoDigests}} {{.Size}} {{json .RootFS}} {{.Created}}', 'engine:classic'], ['images', '-a', '--digests', '--no-trunc', '--format', '{{.ID}} {{.Repository}} {{.Tag}} {{.Digest}} {{.CreatedAt}} {{.Size}}', 'engine']]) {
        const [ours, theirs] = [await ask('strdoc', { words }), await ask('engine', { words })];
        expect(ours).toBe(theirs.replaceAll('NAME', 'engine'));
      }
      expect((await ask('strdoc', { words: ['history', '--format', '{{.Size}}', 'engine:classic'] })).split('\n')).toContainEqual(expect.stringMatching(/^[\d.]+MB$/));
    }, 60_000);

    test('it pulls with the credential of the client, for that registry alone', async () => {
      const watched = await startWatchedRegistry('locked', 'me:word');
      try {
        const [host, socket] = [watched.host, servers[1]?.socket ?? ''];
        const pull = (headers: Readonly<Record<string, string>>) => send(socket, { path: `/images/create?fromImage=${host}/image&tag=1`, method: 'POST', headers });
        expect(await pull({})).toMatchObject({ status: 500, body: expect.stringContaining('no basic auth credentials') as unknown });
        const auth = Buffer.from(JSON.stringify({ username: 'me', password: 'word', serveraddress: host })).toString('base64url');
        expect(await pull({ 'X-Registry-Auth': auth })).toMatchObject({ status: 200, body: expect.stringContaining(`Status: Downloaded newer image for ${host}/image:1`) as unknown });
        expect([...watched.shown]).toEqual([`Basic ${Buffer.from('me:word').toString('base64')}`]);
      } finally {
        await watched.stop();
      }
    }, 60_000);
  });
});
