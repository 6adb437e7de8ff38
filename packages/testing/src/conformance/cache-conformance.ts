import { deepStrictEqual, match, notDeepStrictEqual, ok, strictEqual } from 'node:assert';
import type { CacheAnswer, CacheQuery, CacheResult, CacheStrategy, KeyPart, Vertex } from '@strake/api';
import { freezeDeep } from '@strake/core';
import { digestOf } from '@strake/oci';
import type { TestFunction } from '../instruction-test';

/** A strategy to be held to the laws. */
export interface CacheSubject {
  /** The strategy, as a build gets it. Called again it answers what the next build gets: another process, say. */
  open(): Promise<CacheStrategy>;
  close(): Promise<void>;
}

/** What a strategy is not held to, because it means to be so. */
export interface CacheConformanceOptions {
  /** It never hits, or does not keep what it is told: `none`, or one that is only read. */
  readonly keepsNothing?: boolean;
  /** What it keeps is gone with the strategy: the next `open` begins with nothing. */
  readonly forgets?: boolean;
}

/** A query that a build might ask: a key of named parts, and a step whose values must reach no reason. */
function query(word: string, { line = 1, members }: { readonly line?: number; readonly members?: readonly (readonly [string, string])[] } = {}): CacheQuery {
  const part = (name: string, value: string): KeyPart => ({ name, digest: digestOf(value) });
  const parts: readonly KeyPart[] = [part('parent', 'scratch'), part('command:0', word), part('env:TOKEN', SECRET), ...(members === undefined ? [] : [{ ...part('files:0', JSON.stringify(members)), members: () => members }])];
  const note: Vertex['note'] = { name: `[build ${line}/9] RUN ${word}`, stage: 'build', range: { file: 'Dockerfile', start: { line, column: 1 }, end: { line, column: 9 } } };
  const vertex: Vertex = { digest: digestOf(`vertex ${word}`), parent: null, inputs: [], note, ops: [{ type: 'exec', args: ['/bin/sh', '-c', word], env: [`TOKEN=${SECRET}`], cwd: '/', user: '', network: 'default' }] };
  return freezeDeep({ by: 'content', vertex, key: { digest: digestOf(JSON.stringify(parts.map(({ name, digest }) => [name, digest]))), parts } });
}

const SECRET = 'conformance-sentinel-value';
const result = (word: string): CacheResult => freezeDeep({ snapshot: { id: `snapshot-${word}` }, identity: digestOf(`identity ${word}`), created: 1_000_000_000_000 });
/** A strategy may tell more of a hit than what was recorded. */
const told = (answer: CacheAnswer): unknown => (answer.hit ? [answer.snapshot, answer.identity] : answer.reason);
const recorded = (word: string): unknown => [result(word).snapshot, result(word).identity];

/** Says why a miss is one: one line for people. Throws an `AssertionError`. */
function holdMiss(answer: CacheAnswer): void {
  ok(!answer.hit, 'it hits what was never recorded');
  match(answer.reason, /^[^\n]*\S[^\n]*$/);
  ok(!JSON.stringify(answer).includes(SECRET), 'it tells a value of the step');
}

type Check = (open: () => Promise<CacheStrategy>) => Promise<void>;

const always: Readonly<Record<string, Check>> = {
  'it has a name': async (open) => match((await open()).name, /\S/),
  'what was never recorded is a miss, which says why': async (open) => {
    const cache = await open();
    holdMiss(await cache.lookup(query('unknown', { members: [['a', '1']] })));
    // Asking is no recording.
    holdMiss(await cache.lookup(query('unknown', { members: [['a', '1']] })));
  },
  'what was recorded for one key answers no other': async (open) => {
    const cache = await open();
    await cache.record(query('one', { members: [['a', '1']] }), result('one'));
    holdMiss(await cache.lookup(query('one', { members: [['a', '2']] })));
    holdMiss(await cache.lookup(query('other')));
  },
  'of a step that was built with other values a miss tells none that it may not': async (open) => {
    const cache = await open();
    await cache.record(query('one', { members: [['a', '1']] }), result('one'));
    const { key, ...rest } = query('one', { members: [['a', '1']] });
    const parts = key.parts.map((part) => (part.name === 'env:TOKEN' ? { ...part, digest: digestOf('another value'), value: () => undefined } : part));
    holdMiss(await cache.lookup({ ...rest, key: { digest: digestOf('another key'), parts } }));
  },
  'a hook that it has may be called more than once of a build': async (open) => {
    const cache = await open();
    const { signal } = new AbortController();
    for (let times = 0; times < 2; times += 1) await cache.begin?.({ id: 'conformance', project: '' }, signal);
    holdMiss(await cache.lookup(query('unknown')));
  },
};

const keeping: Readonly<Record<string, Check>> = {
  'what was recorded is found, exactly': async (open) => {
    const cache = await open();
    await cache.record(query('one'), result('one'));
    deepStrictEqual(told(await cache.lookup(query('one'))), recorded('one'));
  },
  'the place of a step in its file, and its name for people, change nothing': async (open) => {
    const cache = await open();
    await cache.record(query('one'), result('one'));
    deepStrictEqual(told(await cache.lookup(query('one', { line: 7 }))), recorded('one'));
  },
  'a hit is as old as what was recorded, or of no age': async (open) => {
    const cache = await open();
    await cache.record(query('one'), result('one'));
    const answer = await cache.lookup(query('one'));
    if (answer.hit && answer.created !== undefined) strictEqual(answer.created, result('one').created);
  },
  'the last record of a key counts': async (open) => {
    const cache = await open();
    await cache.record(query('one'), result('old'));
    await cache.record(query('one'), result('new'));
    deepStrictEqual(told(await cache.lookup(query('one'))), recorded('new'));
  },
  'many at once do not disturb each other': async (open) => {
    const cache = await open();
    const words = Array.from({ length: 50 }, (_none, at) => `word${at}`);
    await Promise.all(words.map((word) => cache.record(query(word), result(word))));
    const answers = await Promise.all(words.map((word) => cache.lookup(query(word))));
    deepStrictEqual(answers.map(told), words.map(recorded));
  },
  'two keys of one step are kept side by side': async (open) => {
    const cache = await open();
    await cache.record(query('one'), result('one'));
    await cache.record(query('one', { members: [['a', '1']] }), result('two'));
    notDeepStrictEqual(told(await cache.lookup(query('one'))), told(await cache.lookup(query('one', { members: [['a', '1']] }))));
  },
};

const lasting: Readonly<Record<string, Check>> = {
  'the next build finds what this one recorded': async (open) => {
    await (await open()).record(query('one'), result('one'));
    deepStrictEqual(told(await (await open()).lookup(query('one'))), recorded('one'));
  },
};

const forgetful: Readonly<Record<string, Check>> = {
  'it never hits, also after a record': async (open) => {
    const cache = await open();
    await cache.record(query('one'), result('one'));
    strictEqual((await cache.lookup(query('one'))).hit, false);
  },
};

/**
 * Holds a cache strategy to the laws of strategies, a test for each law. `make` is called for each test, and begins with nothing.
 * Queries and results are frozen: a strategy changes neither.
 */
export function cacheConformance(make: () => Promise<CacheSubject>, test: TestFunction, { keepsNothing = false, forgets = false }: CacheConformanceOptions = {}): void {
  const laws = { ...always, ...(keepsNothing ? forgetful : { ...keeping, ...(forgets ? {} : lasting) }) };
  for (const [name, holds] of Object.entries(laws)) {
    test(`cache: ${name}`, async () => {
      const subject = await make();
      try {
        await holds(() => subject.open());
      } finally {
        await subject.close();
      }
    });
  }
}
