import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defineInstruction, type Plugin } from '@strake/api';
import { checkInstructions, createRegistry, parseDockerfile } from '@strake/core';
import { shippedPlugins } from '@strake/plugins';
import { defaultPlugins } from 'strake';
import ts from 'typescript';
import { parseCommandLine } from '../../packages/cli/src/argv/parse-command-line';
import { globalFlags } from '../../packages/cli/src/commands/global-flags';
import { commands } from '../../packages/cli/src/commands/table';
import { suite } from '../engines/suite';
import { blocksOf, fileOf, pages, type CodeBlock } from './code-blocks';

const root = join(__dirname, '../..');
const blocks = pages.flatMap(blocksOf);
const of = (...languages: readonly string[]): readonly CodeBlock[] => blocks.filter(({ language }) => languages.includes(language));
const place = ({ page, line }: CodeBlock): string => `${page}:${line}`;
const unmet = existsSync(join(root, 'packages/testing/dist/index.d.ts')) ? undefined : 'strake is not built (npm run build)';

test('there are blocks of each kind, and every block says what it is', () => {
  for (const language of ['ts', 'dockerfile', 'sh']) expect(of(language).length).toBeGreaterThan(5);
  expect(of('').filter(({ text }) => /^(?:import|FROM|npx|strake) /m.test(text)).map(place)).toEqual([]);
});

suite('TypeScript', unmet, () => {
  // Within the repository, so that packages are found as an author finds them: in node_modules.
  const folder = join(root, 'node_modules/.cache/strake-code-blocks');
  let work: string;
  beforeAll(() => {
    mkdirSync(folder, { recursive: true });
    work = mkdtempSync(join(folder, 'run-'));
    for (const block of of('ts', 'json', 'dockerfile')) write(block);
  });
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  const pageFolder = ({ page }: CodeBlock): string => join(work, page.replace(/\W/g, '-'));
  const path = (block: CodeBlock): string => join(pageFolder(block), block.language === 'dockerfile' ? `Dockerfile.${block.line}` : fileOf(block));
  function write(block: CodeBlock): void {
    mkdirSync(dirname(path(block)), { recursive: true });
    writeFileSync(path(block), block.text);
  }

  test('every block is a module that compiles, beside the others of its page', () => {
    const { compilerOptions } = ts.readConfigFile(join(root, 'tsconfig.base.json'), (file) => ts.sys.readFile(file)).config as { compilerOptions: object };
    const parsed = ts.convertCompilerOptionsFromJson({ ...compilerOptions, composite: false, module: 'esnext', moduleResolution: 'bundler', declaration: false, declarationMap: false, noEmit: true, noUnusedLocals: false, noUnusedParameters: false, types: ['node', 'jest'], typeRoots: [join(root, 'node_modules/@types')] }, root);
    const program = ts.createProgram([...new Set(of('ts').map(path))], parsed.options);
    const said = ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
      const block = of('ts').find((one) => path(one) === file?.fileName);
      const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
      return `${block === undefined ? (file?.fileName ?? '') : `${block.page}:${block.line + line}`}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
    expect(said).toEqual([]);
  }, 120_000);

  test.each(of('ts').filter(({ marks }) => marks.includes('run')).map((block) => [place(block), block] as const))('%s runs', (_place, block) => {
    for (const each of of('ts').filter(({ page }) => page === block.page)) {
      const { outputText } = ts.transpileModule(each.text, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true } });
      writeFileSync(path(each).replace(/\.ts$/, '.js'), outputText);
    }
    const env = { ...process.env, STRAKE_STORE: join(work, 'store'), NODE_OPTIONS: '' };
    const { status, stdout, stderr } = spawnSync(process.execPath, [path(block).replace(/\.ts$/, '.js')], { cwd: pageFolder(block), encoding: 'utf8', env });
    expect({ status, output: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, output: '' });
  });
});

describe('Dockerfiles', () => {
  /** Instructions that a page defines itself: what they take does not matter here. */
  function keywordsOf(page: string): readonly Plugin[] {
    const text = blocks.filter((block) => block.page === page && block.language === 'ts').map((block) => block.text).join('\n');
    const keywords = new Set([...text.matchAll(/keyword: '([A-Z]+)'/g)].map(([, keyword = '']) => keyword));
    return [...keywords].map((keyword) => defineInstruction({ keyword, summary: '', args: { kind: 'raw', optional: true }, flags: {}, replaces: true, lower: () => ({}) }));
  }

  test.each(of('dockerfile').map((block) => [place(block), block] as const))('%s', (_place, { page, text, marks }) => {
    const registry = [...defaultPlugins, ...Object.values(shippedPlugins).flat(), ...keywordsOf(page)].reduce((all, plugin) => all.use(plugin), createRegistry()).freeze();
    const whole = /^\s*FROM\s/im.test(text) ? text : `FROM scratch\n${text}`;
    const check = (): void => checkInstructions(parseDockerfile(whole, { file: 'Dockerfile', syntax: registry.syntax, directives: registry.directives }), registry);
    if (marks.includes('refused')) expect(check).toThrow();
    else check();
  });
});

describe('commands', () => {
  /** The words of a line; quotes are a shell's. */
  const wordsOf = (line: string): readonly string[] => [...line.matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g)].map(([word]) => word.replace(/['"]/g, ''));
  const lines = of('sh').flatMap((block) => block.text.replace(/\\\n/g, ' ').split('\n').flatMap((line) => line.split(/&&|\||;/)).map((line) => line.replace(/\s#.*/, '').trim())
    .flatMap((line) => /^(?:\w+=\S+ )*(?:npx )?strake (.*)/.exec(line)?.[1] ?? []).map((line) => [place(block), line] as const));

  test('there are some', () => expect(lines.length).toBeGreaterThan(10));

  test.each(lines)('%s: strake %s', (_place, line) => {
    const [name, ...words] = wordsOf(line);
    const command = commands.find((one) => one.name === name);
    expect(command?.name).toBe(name);
    const { args } = parseCommandLine(`strake ${name ?? ''}`, words, { ...command?.flags, ...globalFlags });
    expect(args.length).toBeGreaterThanOrEqual(command?.arguments.min ?? 0);
    expect(args.length).toBeLessThanOrEqual(command?.arguments.max ?? 0);
  });
});

test.each(of('json').map((block) => [place(block), block] as const))('%s is JSON', (_place, { text }) => expect(() => JSON.parse(text.replace(/^(?:\/\/|#).*\n/, '')) as unknown).not.toThrow());
