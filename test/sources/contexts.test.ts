import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBuilder, formatError, type Builder } from 'strake';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { mustRun } from '../engines/run';
import { suite } from '../engines/suite';
import { readFacts } from '../image/image-facts';
import { startFileServer, type FileServer } from './file-server';
import { startGitHttpServer } from './git-http-server';
import { makeRepositories } from './repositories';

type Options = Parameters<Builder['build']>[0];
interface LayoutIndex {
  readonly manifests: readonly { readonly digest: string; readonly annotations?: Readonly<Record<string, string>> }[];
}

suite('named contexts and given ignore files', unmetNeed({ root: true }), () => {
  let folder: string;
  let server: FileServer;
  let builder: Builder;
  let number = 0;

  beforeAll(async () => {
    folder = makeFolder('contexts');
    mkdirSync(join(folder, 'context'));
    server = await startFileServer();
    builder = await createBuilder({ store: join(folder, 'store'), cwd: folder });
    for (const name of ['a', 'b', 'c']) writeFileSync(join(folder, 'context', name), name);
    writeFileSync(join(folder, 'context', '.dockerignore'), 'a\n');
    writeFileSync(join(folder, 'other.ignore'), '# mine\n/b\n');
  });
  afterAll(async () => {
    await builder.close();
    await server.close();
    await removeFolder(folder);
  });

  const file = (text: string, more: Options = {}): Options => ({ context: 'context', dockerfile: { text, name: 'Dockerfile' }, ...more });
  async function paths(options: Options): Promise<readonly string[]> {
    const dest = join(folder, `${(number += 1)}.tar`);
    await builder.build({ ...options, outputs: [{ type: 'oci', attributes: { dest } }] });
    return Object.keys(readFacts(dest).tree);
  }
  const named = (value: string, more: Options = {}): Options => file('FROM scratch\nCOPY --from=x / /\n', { buildContexts: { x: value }, ...more });
  const refusal = async (options: Options): Promise<string> => builder.build(options).then(() => 'built', (error: unknown) => formatError(error));
  /** Trees that builds have brought in and not removed. */
  const left = (): readonly string[] => readdirSync(join(folder, 'store/tmp')).filter((name) => existsSync(join(folder, 'store/tmp', name, 'context')));

  function archive(): Buffer {
    const tree = join(folder, 'archived');
    mkdirSync(tree, { recursive: true });
    for (const name of ['kept', 'hidden']) writeFileSync(join(tree, name), name);
    writeFileSync(join(tree, '.dockerignore'), 'hidden\n.dockerignore\n');
    return execFileSync('tar', ['-cz', '-C', tree, '.']);
  }

  /** A layout of two images, `one` and `two`, each with a file of its name. */
  async function layout(): Promise<LayoutIndex> {
    const indexes: LayoutIndex[] = [];
    for (const name of ['one', 'two']) {
      const dest = join(folder, `layout-${name}`);
      await builder.build(file(`FROM scratch\nCOPY b /${name}\n`, { outputs: [{ type: 'oci', attributes: { dest, tar: 'false' } }] }));
      indexes.push(JSON.parse(readFileSync(join(dest, 'index.json'), 'utf8')) as LayoutIndex);
      cpSync(dest, join(folder, 'layout'), { recursive: true });
    }
    const manifests = indexes.flatMap(({ manifests: [entry] }, at) => (entry === undefined ? [] : [{ ...entry, annotations: { 'org.opencontainers.image.ref.name': ['one', 'two'][at] ?? '' } }]));
    const index = { schemaVersion: 2, manifests };
    writeFileSync(join(folder, 'layout/index.json'), JSON.stringify(index));
    return index;
  }

  test('a directory and an archive at a URL are seen through their own ignore files', async () => {
    server.answers.set('/files.tgz', { body: archive() });
    expect(await paths(named(server.url('/files.tgz')))).toEqual(['kept']);
    expect(await paths(named('archived'))).toEqual(['kept']);
    expect(left()).toEqual([]);
    server.answers.set('/text', { body: 'hello' });
    expect(await refusal(named(server.url('/text')))).toContain(`--build-context x=${server.url('/text')}: what it brings is no archive`);
    expect(left()).toEqual([]);
  });

  test('so is a commit of a repository', async () => {
    mkdirSync(join(folder, 'served'));
    makeRepositories(join(folder, 'served'));
    const git = await startGitHttpServer(join(folder, 'served'));
    try {
      expect(await paths(named(`http://${git.host}/app.git#v1`))).toContain('docs/deep/b.txt');
      expect(await refusal(named(`http://${git.host}/app.git#v2`))).toMatch(/--build-context x=http:.*#v2: .*does not contain ref v2/);
      const dated = { dockerfile: { text: 'FROM scratch\nCOPY docs /\n', name: 'Dockerfile' }, buildArgs: { SOURCE_DATE_EPOCH: 'context' } };
      const { config } = await builder.build({ ...dated, context: `http://${git.host}/app.git#v1` });
      const date = Number(await mustRun(['git', '-C', join(folder, 'served/app.git'), 'show', '-s', '--format=%ct', 'v1^{commit}']));
      expect(Date.parse(config.created ?? '') / 1000).toBe(date);
      expect(await refusal({ ...dated, context: folder })).toContain('SOURCE_DATE_EPOCH=context: the date of this build context is not known');
    } finally {
      await git.close();
    }
  });

  test('an image of the store is found when it is needed', async () => {
    await builder.build(file('FROM scratch\nCOPY b /base\n', { tags: ['mine:1'] }));
    expect(await paths(file('FROM x\nCOPY c /\n', { buildContexts: { x: 'docker-image://mine:1' } }))).toEqual(['base', 'c']);
    const none = { buildContexts: { x: 'docker-image://mine:none' }, offline: true };
    expect(await paths(file('FROM scratch\nCOPY c /\n', none))).toEqual(['c']);
    expect(await refusal(file('FROM x\n', none))).toMatch(/^Dockerfile:1:.*--build-context x=docker-image:\/\/mine:none: /);
  });

  test('an image of a layout of several is named by tag or digest', async () => {
    const { manifests } = await layout();
    expect(await paths(named('oci-layout://layout:two'))).toEqual(['two']);
    expect(await paths(named(`oci-layout://layout@${manifests[0]?.digest ?? ''}`))).toEqual(['one']);
    expect(await paths(named('oci-layout://layout-one'))).toEqual(['one']);
    expect(await refusal(named('oci-layout://layout'))).toMatch(/has 2 images, none of them latest[^]*one, two/);
    expect(await refusal(named('oci-layout://layout:three'))).toMatch(/--build-context x=oci-layout:\/\/layout:three: .* has no image three/);
  });

  test('a name stands for a stage', async () => {
    const text = 'FROM scratch AS one\nCOPY b /one\nFROM scratch AS two\nCOPY b /two\nFROM x\nCOPY --from=y / /\n';
    expect(await paths(file(text, { buildContexts: { x: 'target:z', z: 'target:one', y: 'target:1' } }))).toEqual(['one', 'two']);
    expect(await paths(file('FROM scratch AS one\nCOPY b /one\nFROM nothing AS two\nFROM two\n', { buildContexts: { two: 'target:one' } }))).toEqual(['one']);
  });

  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['an unknown stage', { x: 'target:onne' }, '--build-context x=target:onne: target stage "onne" could not be found'],
    ['a loop', { x: 'target:y', y: 'target:x' }, 'leads through more than 10 names'],
    ['a later stage', { x: 'target:last' }, 'needs to be defined before'],
    ['an empty stage', { x: 'target:' }, '--build-context x=target:: it names no stage'],
    ['an unknown scheme', { x: 'ftp://host/x' }, '--build-context x=ftp://host/x: ftp:// is not known'],
    ['an invalid image', { x: 'docker-image://A b' }, '--build-context x=docker-image://A b: '],
    ['no directory', { x: 'nowhere' }, '--build-context x=nowhere: build context "nowhere" does not exist'],
  ])('%s is refused', async (_, buildContexts, message) => {
    expect(await refusal(file('FROM scratch AS one\nCOPY b /\nFROM x AS middle\nFROM one AS last\n', { buildContexts }))).toContain(message);
  });

  test.each<[string, NonNullable<Options>['ignore'], readonly string[], string]>([
    ['a file', { file: 'other.ignore' }, ['.dockerignore', 'a', 'c'], 'other.ignore:2'],
    ['patterns', { patterns: ['.docker*', '/b'] }, ['a', 'c'], '<patterns>:2'],
  ])('%s takes the place of .dockerignore', async (_, ignore, expected, place) => {
    expect(await paths(file('FROM scratch\nCOPY . /\n', { ...(ignore === undefined ? {} : { ignore }) }))).toEqual(expected);
    expect(await refusal(file('FROM scratch\nCOPY b /\n', { ...(ignore === undefined ? {} : { ignore }) }))).toContain(place);
    expect(await paths({ context: { files: { Dockerfile: 'FROM scratch\nCOPY . /\n', a: '', b: '', c: '', '.dockerignore': 'a' } }, ...(ignore === undefined ? {} : { ignore }) })).not.toContain('b');
  });

  test('what is ignored changes no key', async () => {
    const steps = async (ignore: { readonly patterns: readonly string[] }) => (await builder.plan(file('FROM scratch\nCOPY . /kept/\n', { ignore }))).steps.map(({ cached }) => cached);
    await builder.build(file('FROM scratch\nCOPY . /kept/\n', { ignore: { patterns: ['b', 'a'] } }));
    expect(await steps({ patterns: ['[ab]'] })).toEqual([true]);
    expect(await steps({ patterns: ['a'] })).toEqual([false]);
  });

  test('a given ignore file must be there', async () => {
    expect(await refusal(file('FROM scratch\n', { ignore: { file: 'none' } }))).toContain('the ignore file "none" does not exist');
  });
});
