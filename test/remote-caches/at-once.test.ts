import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strakeCommand, strakeUnmet } from '../builders/strake';
import { suite } from '../engines/suite';
import { buildsUnmet, Machines } from './two-machines';

jest.setTimeout(120_000);

/** Steps without programs: what matters here is how many layers there are. */
const app = (word: string): string => `FROM scratch\n${Array.from({ length: 6 }, (_none, at) => `COPY ${word}/${at} /\n`).join('')}`;

suite('exports at once, and exports that are killed', strakeUnmet() ?? buildsUnmet, () => {
  let machines: Machines;
  beforeAll(() => {
    machines = new Machines('caches-at-once');
    for (const word of ['old', 'one', 'two']) for (let at = 0; at < 6; at += 1) machines.write(`${word}/${at}`, `${word} ${at} ${'x'.repeat(200_000)}\n`);
  });
  afterAll(() => machines.end());

  /** How many steps of a build a new machine finds in a directory. */
  async function found(word: string, folder: string): Promise<number> {
    const { steps } = await (await machines.machine()).build(app(word), { cacheFrom: [`type=local,src=${folder}`] });
    return Object.values(steps).filter((what) => what.startsWith('local')).length;
  }

  test('of two that write to one directory one wins, whole; with tags both do', async () => {
    const [one, two] = [await machines.machine(), await machines.machine()];
    await Promise.all([one.build(app('one'), { cacheTo: ['type=local,dest=both,mode=max'] }), two.build(app('two'), { cacheTo: ['type=local,dest=both,mode=max'] })]);
    expect([await found('one', 'both'), await found('two', 'both')].sort()).toEqual([0, 6]);
    await Promise.all([one.build(app('one'), { cacheTo: ['type=local,dest=tags,tag=one'] }), two.build(app('two'), { cacheTo: ['type=local,dest=tags,tag=two'] })]);
    expect([await found('one', 'tags,tag=one'), await found('two', 'tags,tag=two')]).toEqual([6, 6]);
  });

  test('an export that is killed leaves the cache that was there', async () => {
    const old = await machines.machine();
    await old.build(app('old'), { cacheTo: ['type=local,dest=killed,mode=max'] });
    const blobs = join(machines.folder, 'killed/blobs/sha256');
    for (const after of [1, 4, 9]) {
      await killAfter(after, blobs);
      expect([after, await found('old', 'killed')]).toEqual([after, 6]);
    }
    // Whoever comes next is not hindered, and a reset takes away what the dead have left.
    await old.build(app('old'), { cacheTo: ['type=local,dest=killed,mode=max,reset=true'] });
    expect(readdirSync(blobs).filter((name) => name.endsWith('.partial'))).toEqual([]);
    expect(await found('old', 'killed')).toBe(6);
  });

  /** Kills an export when it has touched some files. */
  async function killAfter(count: number, blobs: string): Promise<void> {
    mkdirSync(join(machines.folder, 'killed-store'), { recursive: true });
    writeFileSync(join(machines.folder, 'Dockerfile'), app('one'));
    const child = spawn(strakeCommand[0] ?? '', [...strakeCommand.slice(1), 'build', '-q', '-f', join(machines.folder, 'Dockerfile'), '--cache-to', `type=local,dest=${join(machines.folder, 'killed')},mode=max`, join(machines.folder, 'context')], {
      env: { ...process.env, STRAKE_STORE: join(machines.folder, 'killed-store') },
      stdio: 'ignore',
    });
    let touched = 0;
    const watcher = watch(blobs, () => (touched += 1) === count && child.kill('SIGKILL'));
    const killed = await new Promise<boolean>((resolve) => child.once('exit', (_code, signal) => resolve(signal === 'SIGKILL')));
    watcher.close();
    expect(killed).toBe(true);
  }
});
