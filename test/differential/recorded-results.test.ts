import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ImageFacts } from '../image/image-facts';
import { listCases } from './cases';
import { compactFacts, expandFacts } from './compact-facts';
import { LookAhead } from './look-ahead';
import { recordFolder } from './recorded-results';
import { runPool } from './run-pool';
import { isSampled } from './sample';

const file = (change: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
  type: 'file', mode: '644', owner: '0:0', link: '', device: '', xattrs: '[]', size: '1', sha256: 'ab', names: '', mtime: '1', ...change,
});
const base: ImageFacts = { config: {}, history: [], layers: [['a', 'b', 'c']], tree: { a: file({}), b: file({ mode: '755' }), c: file({}), e: file({}), f: file({}) } };
const bases = { 'example.test/base:1': base };

describe('compact facts', () => {
  const image: ImageFacts = {
    config: { Env: ['A=1'] },
    history: [{ created_by: 'x', comment: '', author: '', empty_layer: false }],
    layers: [['a', 'b', 'c'], ['.wh.c', 'd'], []],
    tree: { a: file({}), b: file({ mode: '600' }), d: file({ type: 'symlink', link: '/a', mode: '', xattrs: '[["user.a","00"]]' }), e: file({}), f: file({}) },
  };

  it('name the base, and say only what is different', () => {
    expect(compactFacts(image, bases)).toMatchObject({ base: 'example.test/base:1', layers: ['example.test/base:1#0', ['.wh.c', 'd'], []], without: ['c'] });
    expect(Object.keys(compactFacts(image, bases).files)).toEqual(['b', 'd']);
  });

  it.each([['an image of a base', image], ['an image from scratch', { ...image, tree: { x: file({}) } }], ['an empty one', { config: {}, history: [], layers: [], tree: {} }], ['the base', base]])('come back the same: %s', (_what, facts) => {
    expect(expandFacts(compactFacts(facts, bases), bases)).toEqual(facts);
  });

  it('are nothing without their base', () => {
    expect(() => expandFacts(compactFacts(image, bases), {})).toThrow('no base image');
  });
});

it('keeps records of cases only', () => {
  for (const group of ['cases', 'refused'] as const) {
    const names = new Set(listCases(group).map(({ name }) => name));
    const folder = join(recordFolder, group);
    expect((existsSync(folder) ? readdirSync(folder) : []).map((name) => basename(name, '.json')).filter((name) => !names.has(name))).toEqual([]);
  }
});

it('keeps no place of the machine in a record', () => {
  const found = execFileSync('bash', ['-c', 'grep -rlE "/(var/)?tmp/strake-" "$1" || true', '-', recordFolder], { encoding: 'utf8' });
  expect(found).toBe('');
});

describe('a sample', () => {
  const names = Array.from({ length: 1200 }, (_, index) => `case-${index}`);

  it('is about as large as it says, the same for the same seed, and another for another', () => {
    const chosen = (seed: string): readonly string[] => names.filter((name) => isSampled(name, 12, seed));
    expect(chosen('1')).toEqual(chosen('1'));
    expect(chosen('1')).not.toEqual(chosen('2'));
    expect(chosen('1').length).toBeGreaterThan(60);
    expect(chosen('1').length).toBeLessThan(150);
  });
});

describe('LookAhead', () => {
  it('starts what is asked for and a few more, each once, and gives each its own end', async () => {
    const started: number[] = [];
    const jobs = new LookAhead([0, 1, 2, 3, 4].map((number) => async () => {
      started.push(number);
      if (number === 2) throw new Error('two');
      return number;
    }), 2);
    expect(await jobs.result(1)).toBe(1);
    expect(started).toEqual([1, 2]);
    await expect(jobs.result(2)).rejects.toThrow('two');
    await jobs.settled();
    expect(started).toEqual([1, 2, 3]);
  });
});

describe('runPool', () => {
  it('keeps to its width, and stops after a failure', async () => {
    let running = 0;
    let most = 0;
    const done: number[] = [];
    const work = async (number: number): Promise<void> => {
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      if (number === 3) throw new Error('three');
      done.push(number);
    };
    await expect(runPool([0, 1, 2, 3, 4, 5, 6, 7, 8], 2, work)).rejects.toThrow('three');
    expect(most).toBe(2);
    expect(done).toEqual(expect.arrayContaining([0, 1, 2]));
    expect(done).not.toContain(8);
  });
});
