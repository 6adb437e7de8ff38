import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { BuildOptions } from '../build/build-options';
import { createBuilder, type Builder } from '../builder/create-builder';
import { formatError } from '../errors/format-error';

describe('INCLUDE', () => {
  let folder: string;
  let builder: Builder;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'strake-include-'));
    builder = await createBuilder({ store: join(folder, 'store'), cwd: folder, plugins: ['include'] });
    write('Dockerfile', 'FROM scratch\nINCLUDE common/labels\n');
  });
  afterEach(async () => {
    await builder.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function write(path: string, text: string, parent = 'app'): void {
    const file = join(folder, parent, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const plan = (more: Partial<BuildOptions> = {}) => builder.plan({ context: 'app', ...more });
  const config = async (more: Partial<BuildOptions> = {}) => (await plan(more)).config.config;
  const refused = async (more: Partial<BuildOptions> = {}) => plan(more).then(() => 'was not refused', (error: unknown) => formatError(error));

  test('the instructions of the file take its place, before FROM and in a stage, with arguments', async () => {
    write('Dockerfile', 'INCLUDE args\nFROM $BASE\nINCLUDE labels who="a b" n=2\nENV after=$who\n');
    write('args', 'ARG BASE=scratch\n');
    write('labels', 'LABEL who=$who number=$n\nCOPY <<f /f\nhi $who\nf\n');
    expect(await config()).toMatchObject({ Labels: { who: 'a b', number: '2' }, Env: expect.arrayContaining(['after=a b']) as unknown });
    expect((await config({ buildArgs: { n: '3' } }))?.Labels).toMatchObject({ number: '3' });
    const { steps } = await plan();
    expect(steps.map(({ name, range }) => [name, range?.file, range?.start.line])).toEqual([['[1/1] COPY <<f /f', 'app/labels', 2]]);
  });

  test('files include others, and each has its own escape character', async () => {
    write('common/labels', '# escape=`\nLABEL a=1 `\n b=2\nINCLUDE common/more\nENV C=c:\\dir\n');
    write('common/more', 'LABEL c=3 \\\n d=4\n');
    expect(await config()).toMatchObject({ Labels: { a: '1', b: '2', c: '3', d: '4' }, Env: expect.arrayContaining(['C=c:\\dir']) as unknown });
  });

  test('a named context has files of its own', async () => {
    write('Dockerfile', 'FROM scratch\nINCLUDE --from=shared /base\n');
    write('base', 'INCLUDE more\n', 'elsewhere');
    write('more', 'LABEL from=shared\nLABEL a=1 b\n', 'elsewhere');
    expect(await refused({ buildContexts: { shared: './elsewhere' } })).toContain('shared:more:2:11: ');
    write('more', 'LABEL from=shared\n', 'elsewhere');
    expect((await config({ buildContexts: { shared: './elsewhere' } }))?.Labels).toEqual({ from: 'shared' });
    expect(await refused({ buildContexts: { share: './elsewhere' } })).toBe('app/Dockerfile:2:23: there is no build context "shared"\n2 | INCLUDE --from=shared /base\n  |                       ^^^^^\nhint: did you mean "share"?');
  });

  test.each([
    ['what does not parse', 'LABEL a=1\nRUN <<E\n', 'app/common/labels:2:', 'RUN <<E'],
    ['an unknown instruction', 'LABEL a=1\nCOPPY a b\n', 'app/common/labels:2:1: unknown instruction: COPPY', 'did you mean COPY?'],
    ['a bad argument', 'ENV a=1\nENV b=${\n', 'app/common/labels:2:5: ', '2 | ENV b=${'],
    ['a missing file of a COPY', 'COPY gone /\n', 'app/common/labels:1:6: "gone": not found', '1 | COPY gone /'],
  ])('%s is shown in the included file', async (_name, text, place, more) => {
    write('common/labels', text);
    const shown = await refused();
    expect(shown).toContain(place);
    expect(shown).toContain(more);
  });

  test('warnings and checks have their place and their lines', async () => {
    write('common/labels', '# check=skip=all\nMAINTAINER me\n');
    const { violations, notes, included, lint } = await builder.check({ context: 'app' });
    expect(violations.map(({ code, about }) => [code, about.file, about.start.line])).toEqual([['MaintainerDeprecated', 'app/common/labels', 2]]);
    expect(included).toEqual({ 'app/common/labels': '# check=skip=all\nMAINTAINER me\n' });
    expect(lint.warnings[0]?.location).toEqual({ sourceIndex: 1, ranges: [{ start: { line: 2 }, end: { line: 2 } }] });
    expect(lint.sources.map(({ filename, data }) => [filename, Buffer.from(data, 'base64').toString()])[1]).toEqual(['app/common/labels', '# check=skip=all\nMAINTAINER me\n']);
    expect(notes).toEqual([]);
    expect((await plan()).warnings).toContainEqual(expect.objectContaining({ code: 'IgnoredDirective', message: 'check has no effect in an included file' }));
    expect((await builder.fix({ context: 'app' })).made).toBe(0);
  });

  test('files that include each other are named in their order', async () => {
    write('common/labels', 'LABEL a=1\nINCLUDE b\n');
    write('b', 'INCLUDE ./common/../common/labels\n');
    const shown = await refused();
    expect(shown).toContain('app/b:1:9: files include each other: app/Dockerfile → app/common/labels → app/b → app/common/labels');
    expect(shown).toContain('note: included from app/common/labels:2\nnote: included from app/Dockerfile:2');
    write('Dockerfile', 'FROM scratch\nINCLUDE Dockerfile\n');
    expect(await refused()).toContain('app/Dockerfile → app/Dockerfile');
  });

  test('includes that double each time come to an end', async () => {
    for (let level = 0; level < 12; level += 1) write(`l${level}`, `INCLUDE l${level + 1}\nINCLUDE l${level + 1}\n`);
    write('l12', 'ENV a=b\n');
    write('common/labels', 'INCLUDE l0\n');
    expect(await refused()).toContain('more than 1000 files are included');
  });

  test.each([
    ['INCLUDE gone', '"gone": not found'],
    ['INCLUDE common/lables', 'did you mean "common/labels"?'],
    ['INCLUDE ../secret', '"../secret": not found'],
    ['INCLUDE link', '"link": not found'],
    ['INCLUDE hidden', 'excluded by .dockerignore:1'],
    ['INCLUDE common', '"common" is no file: it is a directory'],
    ['INCLUDE big', '"big" is larger than 1 MiB'],
    ['INCLUDE $x', 'INCLUDE expands no variables'],
    ['INCLUDE "a b"', 'INCLUDE takes a path without quotes and blanks'],
    ['INCLUDE', 'INCLUDE requires exactly one argument'],
    ['ONBUILD INCLUDE common/labels', 'INCLUDE cannot stand in a trigger'],
    ['INCLUDE --form=x a', 'did you mean --from?'],
  ])('%s is refused', async (line, message) => {
    write('common/labels', 'ENV a=b\n');
    write('hidden', 'ENV a=b\n');
    write('.dockerignore', 'hidden\n');
    write('big', '#'.repeat(1 << 20) + '\nENV a=b\n');
    write('secret', 'ENV a=b\n', '.');
    symlinkSync('../../secret', join(folder, 'app/link'));
    write('Dockerfile', `FROM scratch\n${line}\n`);
    const shown = await refused();
    expect(shown).toContain('app/Dockerfile:2:');
    expect(shown).toContain(message);
  });

  test('stages of an included file are targets', async () => {
    write('common/labels', 'FROM scratch AS Inner\nENV a=b\n');
    expect((await builder.targets({ context: 'app' })).targets.map(({ name }) => name)).toEqual([undefined, 'inner']);
    expect(await config({ target: 'inner' })).toMatchObject({ Env: expect.arrayContaining(['a=b']) as unknown });
  });
});
