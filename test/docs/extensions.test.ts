import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createJiti } from 'jiti';
import { createBuilder, type BuilderConfig, type BuildEvent } from 'strake';
import { unmetNeed } from '../engines/need';
import { suite } from '../engines/suite';

const guide = readFileSync(join(__dirname, '../../docs/guides/EXTENSIONS.md'), 'utf8');
const blocks = [...guide.matchAll(/^```(dockerfile|ts)\n(?:# (example|file): (\S+)\n)?([^]*?)^```$/gm)].map(([, language = '', kind = '', name = '', text = '']) => ({ language, kind, name, text }));
const examples = blocks.filter(({ kind }) => kind === 'example');
const [everything, hooks] = blocks.filter(({ language }) => language === 'ts').map(({ text }) => text);

suite('the examples of docs/guides/EXTENSIONS.md', unmetNeed({ root: true, programs: ['busybox', 'git'] }), () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'strake-guide-'));
    const context = join(folder, 'context');
    for (const { name, text } of blocks.filter(({ kind }) => kind === 'file')) write(join('context', name), text);
    copyFileSync('/bin/busybox', join(context, 'busybox'));
    const git = (...args: readonly string[]) => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { cwd: context, stdio: 'pipe' });
    git('init', '-q', '-b', 'main');
    git('add', 'common');
    git('commit', '-q', '-m', 'one');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function write(path: string, text: string): string {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }
  const configuration = (text = '', name = 'strake'): Promise<BuilderConfig> => {
    const aliases = { strake: join(__dirname, '../../packages/strake/dist/index.js'), '@strake/plugins': join(__dirname, '../../packages/plugins/dist/index.js'), '@strake/api': join(__dirname, '../../packages/api/dist/index.js') };
    return createJiti(__filename, { interopDefault: true, alias: aliases }).import<BuilderConfig>(write(`${name}.config.ts`, text), { default: true });
  };

  test('there are some', () => expect(examples.map(({ name }) => name)).toEqual(['include', 'assert', 'copy-if-exists', 'run-control', 'squash', 'label-from-git', 'hooks']));

  test.each(examples)('$name', async ({ name, text }) => {
    const config = await configuration(name === 'hooks' ? hooks : everything, name);
    const builder = await createBuilder({ ...config, store: join(folder, 'store'), cwd: folder });
    const events: BuildEvent[] = [];
    try {
      const { config: image } = await builder.build({ context: 'context', dockerfile: { text, name: 'Dockerfile' }, onEvent: (event) => events.push(event) });
      const labels = image.config?.Labels ?? {};
      if (name === 'include') expect(labels).toEqual({ team: 'web' });
      if (name === 'label-from-git') expect(Object.keys(labels)).toContain('org.opencontainers.image.revision');
      if (name === 'squash') expect(image.rootfs.diff_ids).toHaveLength(2);
      if (name === 'hooks') expect(events.flatMap((event) => (event.type === 'log' ? [event.data.toString()] : [])).join('')).toBe('begin\nwork\nend\n');
      await expect(builder.eject({ context: 'context', dockerfile: { text, name: 'Dockerfile' } })).resolves.toMatchObject({ text: expect.stringContaining('FROM scratch') as unknown });
    } finally {
      await builder.close();
    }
  });
});
