import type { SourceProvider } from '@strake/api';
import { digestOf } from '@strake/oci';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBuilder, formatError, type Builder } from 'strake';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { suite } from '../engines/suite';
import { readFacts } from '../image/image-facts';
import { startFileServer, type FileServer } from './file-server';
import { startGitHttpServer } from './git-http-server';
import { makeRepositories } from './repositories';

/** A scheme of somebody's own. */
const shouts: SourceProvider = {
  scheme: 'shout',
  recognise: (reference) => (reference.startsWith('shout://') ? { scheme: 'shout', reference } : undefined),
  check: () => undefined,
  resolve: async (op) => ({ identity: digestOf(op.reference), pinned: op }),
  fetch: async (op, directory) => {
    writeFileSync(join(directory, 'Dockerfile'), 'FROM scratch\nCOPY text /\n');
    writeFileSync(join(directory, 'text'), op.reference.toUpperCase());
  },
};

suite('builds from outside', unmetNeed({ root: true }), () => {
  let folder: string;
  let server: FileServer;
  let builder: Builder;
  let number = 0;

  beforeAll(async () => {
    folder = makeFolder('outside');
    mkdirSync(join(folder, 'context'));
    server = await startFileServer();
    builder = await createBuilder({ store: join(folder, 'store'), sources: [shouts] });
  });
  beforeEach(() => {
    server.asked.length = 0;
    server.answers.clear();
  });
  afterAll(async () => {
    await builder.close();
    await server.close();
    await removeFolder(folder);
  });

  type Options = Parameters<Builder['build']>[0];
  const dockerfile = (text: string): Options => ({ context: join(folder, 'context'), dockerfile: { text, name: 'Dockerfile' } });
  async function build(options: Options): Promise<{ readonly tree: Readonly<Record<string, Readonly<Record<string, string>>>>; readonly cached: number; readonly id: string }> {
    const archive = join(folder, `${(number += 1)}.tar`);
    let cached = 0;
    const { imageId } = await builder.build({ ...options, outputs: [{ type: 'oci', attributes: { dest: archive } }], onEvent: ({ type }) => void (cached += type === 'cached' ? 1 : 0) });
    return { tree: readFacts(archive).tree, cached, id: imageId };
  }
  const refusal = async (options: Options): Promise<string> => builder.build(options).then(() => 'built', (error: unknown) => formatError(error));

  test('ADD of a URL is cached by what the URL brings, and brought once', async () => {
    const body = { body: 'hello', headers: { etag: '"1"', 'last-modified': 'Sat, 01 Jan 2011 00:00:00 GMT' } };
    server.answers.set('/file', body);
    const options = dockerfile(`FROM scratch\nADD ${server.url('/file')} /to/\nADD --chmod=644 --chown=5:6 ${server.url('/file')} /other\n`);
    const first = await build(options);
    expect(first.tree).toMatchObject({ 'to/file': { mode: '600', owner: '0:0', mtime: '1293840000' }, other: { mode: '644', owner: '5:6' } });
    expect(server.asked).toHaveLength(1);
    const second = await build(options);
    expect([second.cached, second.id]).toEqual([2, first.id]);
    server.answers.set('/file', { body: 'changed' });
    expect((await build(options)).cached).toBe(0);
  });

  test('the dry run asks, and brings nothing', async () => {
    server.answers.set('/planned', { body: 'x' });
    const { steps } = await builder.plan(dockerfile(`FROM scratch\nADD ${server.url('/planned')} /\n`));
    expect(steps.map(({ cached, reason }) => [cached, reason])).toEqual([[false, expect.any(String)]]);
    await build(dockerfile(`FROM scratch\nADD ${server.url('/planned')} /\n`));
    expect((await builder.plan(dockerfile(`FROM scratch\nADD ${server.url('/planned')} /\n`))).steps.map(({ cached }) => cached)).toEqual([true]);
  });

  test('errors are at the source', async () => {
    const url = server.url('/none');
    expect(await refusal(dockerfile(`FROM scratch\nADD a ${url} /b/\n`))).toMatch(/^Dockerfile:2:7: .*does not exist: HTTP status 404/);
    const sum = `sha256:${'0'.repeat(64)}`;
    server.answers.set('/a', { body: 'a' });
    expect(await refusal(dockerfile(`FROM scratch\nADD --checksum=${sum} ${server.url('/a')} /\n`))).toMatch(/^Dockerfile:2:5: digest mismatch for .* \(expected: sha256:000/);
  });

  test('what can never work is refused before anything is asked', async () => {
    expect(await refusal(dockerfile(`FROM scratch\nADD ${server.url('/a')} /\nADD --checksum=sha256:0 ${server.url('/a')} /\n`))).toMatch(/^Dockerfile:3:5: invalid checksum digest length/);
    expect(server.asked).toEqual([]);
  });

  test.each<[string, string | Buffer, number]>([
    ['an archive', execFileSync('tar', ['-cz', '-C', join(__dirname, 'fixtures', 'context'), '.']), 1],
    ['a Dockerfile', 'FROM scratch\nWORKDIR /made\n', 1],
  ])('%s at a URL is a build context', async (_, body, entries) => {
    server.answers.set('/context', { body });
    expect(Object.keys((await build({ context: server.url('/context') })).tree)).toHaveLength(entries);
    expect((await builder.plan({ context: server.url('/context') })).steps).toHaveLength(1);
  });

  test('so is a repository', async () => {
    mkdirSync(join(folder, 'served'));
    makeRepositories(join(folder, 'served'));
    const git = await startGitHttpServer(join(folder, 'served'));
    try {
      const { tree } = await build({ context: `http://${git.host}/app.git#v1` });
      expect(Object.keys(tree)).toEqual(['a.txt', 'deep', 'deep/b.txt']);
      expect(await refusal({ context: `http://${git.host}/app.git#v2` })).toContain('does not contain ref v2');
    } finally {
      await git.close();
    }
  });

  test('and what a provider of your own brings', async () => {
    expect((await build({ context: 'shout://hello' })).tree).toMatchObject({ text: { size: '13' } });
  });

  test('pruning all takes what providers keep', async () => {
    server.answers.set('/p', { body: 'p', headers: { etag: '"p"' } });
    await build(dockerfile(`FROM scratch\nADD ${server.url('/p')} /\n`));
    expect(existsSync(join(folder, 'store/cache/providers/http'))).toBe(true);
    await builder.images().prune({ all: true, dryRun: false });
    expect(existsSync(join(folder, 'store/cache/providers/http'))).toBe(false);
  });
});
