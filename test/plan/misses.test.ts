import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { assert } from '@strake/instruction-assert';
import { runControl } from '@strake/extension-run-control';
import { createMemoryBackend, type MemoryBackend } from '@strake/testing';
import { createBuilder, type BuildOptions, type CacheChoice, type Plan } from 'strake';
import { explainText } from '../../packages/cli/src/output/explain-text';
import { planText } from '../../packages/cli/src/output/plan-text';
import { missCases, type MissInput } from './miss-cases';
import { nameImages } from './subject';

const BASES = { 'base:1': { config: { Env: ['BASE=1'] } }, 'base:2': { config: { Env: ['BASE=2'] } }, 'onbuild:1': { config: { OnBuild: ['COPY other /on'] } } } as const;

describe('why a step is made', () => {
  const real = Date.now;
  let folder = '';
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'strake-misses-'))));
  afterEach(() => {
    Date.now = real;
    rmSync(folder, { recursive: true, force: true });
  });

  /** Base images as the store names them and as the backend finds them. */
  function backendWith(images: NonNullable<MissInput['images']>): { readonly backend: MemoryBackend; readonly change: (images: NonNullable<MissInput['images']>) => void } {
    const table: Record<string, { config: object; files: Readonly<Record<string, string>> }> = {};
    const change = (more: NonNullable<MissInput['images']>): void => {
      for (const [name, { config, file }] of Object.entries(more)) {
        table[name] = table[`docker.io/library/${name}`] = { config, files: { 'bin/busybox': file ?? '' } };
      }
      nameImages(join(folder, 'store'), Object.fromEntries(Object.keys(more).map((name) => [name, table[name] ?? { config: {} }])));
    };
    change(images);
    return { change, backend: createMemoryBackend({ images: table, programs: { '*': (files, { exec }) => files.set('/made', String(exec.args)) } }) };
  }

  function write(files: NonNullable<MissInput['files']>): void {
    for (const [path, content] of Object.entries(files)) {
      const file = join(folder, 'context', path);
      mkdirSync(dirname(file), { recursive: true });
      rmSync(file, { force: true });
      if (content !== null) writeFileSync(file, content, { mode: 0o644 });
    }
  }

  const optionsOf = (text: string, more: BuildOptions = {}): BuildOptions => ({ context: join(folder, 'context'), dockerfile: { text, name: 'Dockerfile' }, offline: true, network: 'none', ...more });

  async function planAfter(before: string, { text = before, files = {}, modes = {}, options, cache = 'content', later = 0, images, forget }: MissInput): Promise<Plan> {
    const { backend, change } = backendWith(BASES);
    const open = (chosen: CacheChoice) => createBuilder({ store: join(folder, 'store'), cache: chosen, backend: () => backend, plugins: [assert, runControl] });
    write({ 'src/a': 'a', 'src/b': 'b', 'src/c': 'c', other: 'o' });
    const first = await open('content');
    await first.build({ ...optionsOf(before), outputs: [{ type: 'cacheonly', attributes: {} }] });
    await first.close();
    write(files);
    for (const [path, mode] of Object.entries(modes)) chmodSync(join(folder, 'context', path), mode);
    if (images !== undefined) change(images);
    if (forget !== undefined) backend.forget(...forget);
    Date.now = () => real() + later * 1000;
    const second = await open(cache);
    return second.plan(optionsOf(text, options)).finally(() => second.close());
  }

  test.each(missCases)('%s', async (_about, before, after, expected) => {
    const plan = await planAfter(before, after);
    const lines = explainText(plan, Date.now()).split('\n').filter((line) => line !== '');
    expect(lines.filter((line) => !line.startsWith('    since ')).map((line) => line.replace(/\b[0-9a-f]{12}\b/g, 'DIGEST'))).toEqual(expected);
    // What is compared with an earlier build says with which.
    expect(lines.filter((line) => line.startsWith('    since '))).toHaveLength(plan.steps.filter(({ against, because, uncertain }) => against !== undefined && because === undefined && uncertain !== true).length);
    for (const { changes, against, uncertain } of plan.steps) if (changes !== undefined && uncertain !== true) expect(against).toMatchObject({ at: expect.any(Number) as number, build: expect.stringMatching(/^\w{8}$/) as string });
    // A line each is the same in other words, and both hold no secret.
    expect(`${lines.join('\n')}${planText(plan)}${JSON.stringify(plan.steps)}`).not.toMatch(/hunter2|secretword|otherword/);
  });
});
