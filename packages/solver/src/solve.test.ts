import { CancelledError, DockerfileError, type BuildEvent, type BuildGraph, type CacheStrategy, type Reuse } from '@strake/api';
import { solve, type SolveOptions } from '.';
import { exec, graphOf, vertex } from './test-support/graph';
import { memoryCache } from './test-support/memory-cache';
import { MemorySession, type Program } from './test-support/memory-session';

interface Setting extends Partial<SolveOptions> {
  readonly session: MemorySession;
  readonly cache: CacheStrategy;
}

function run(graph: BuildGraph, setting: Setting): { readonly events: BuildEvent[]; readonly solution: ReturnType<typeof solve> } {
  const events: BuildEvent[] = [];
  const options = { signal: new AbortController().signal, emit: (event: BuildEvent) => void events.push(event), ...setting };
  return { events, solution: solve(graph, options) };
}

const wait: Program = (_files, { signal }) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new CancelledError()), { once: true }));
const context = vertex('context', [{ type: 'source', scheme: 'context', reference: '' }]);
const copy = (...sources: readonly string[]) => ({ type: 'copy', input: 0, sources, destination: '/' }) as const;

describe('solve', () => {
  test('applies each vertex once, parents first', async () => {
    const session = new MemorySession();
    const base = vertex('base', [{ type: 'source', scheme: 'image', reference: 'busybox' }]);
    const one = vertex('one', [exec(['one'])], base);
    const [left, right] = [vertex('left', [exec(['left'])], one), vertex('right', [exec(['right'])], one)];
    const last = vertex('last', [copy('a')], left, [right]);
    await run(graphOf(base, one, left, right, last), { session, cache: memoryCache() }).solution;
    expect(session.applied).toEqual(['one', 'left', 'right', 'last']);
  });

  test('a second build applies nothing, and says so', async () => {
    const [session, cache] = [new MemorySession(), memoryCache()];
    session.context.set('a', '1');
    const graph = graphOf(context, vertex('copy', [copy('a')], null, [context]));
    await run(graph, { session, cache }).solution;
    const { events, solution } = run(graph, { session, cache });
    await solution;
    expect(session.applied).toEqual(['copy']);
    expect(events.map(({ type }) => type)).toEqual(['graph', 'cached']);
  });

  test('a changed file of the context misses', async () => {
    const [session, cache] = [new MemorySession(), memoryCache()];
    const graph = graphOf(context, vertex('copy', [copy('a')], null, [context]));
    for (const content of ['1', '2', '1']) {
      session.context.set('a', content);
      await run(graph, { session, cache }).solution;
    }
    expect(session.applied).toEqual(['copy', 'copy']);
  });

  test('a rebuilt stage with the same files still hits where it is copied from', async () => {
    const program: Program = (files) => void files.set('out', 'same');
    const [session, cache] = [new MemorySession({ make: program }), memoryCache()];
    const graphWith = (variable: string) => {
      const stage = vertex('stage', [exec(['make'], [variable])]);
      return graphOf(stage, vertex('copy', [copy('out')], null, [stage]));
    };
    await run(graphWith('A=1'), { session, cache }).solution;
    await run(graphWith('A=2'), { session, cache }).solution;
    expect(session.applied).toEqual(['stage', 'copy', 'stage']);
  });

  test('a record whose snapshot is gone is a miss', async () => {
    const [session, cache] = [new MemorySession(), memoryCache()];
    const graph = graphOf(vertex('one', [exec(['one'])]));
    await run(graph, { session, cache }).solution;
    session.snapshots.clear();
    const { events, solution } = run(graph, { session, cache });
    await solution;
    expect(events).toContainEqual(expect.objectContaining({ type: 'missed', reason: 'its snapshot is no longer in the store' }));
  });

  test('what is not looked up is recorded all the same', async () => {
    const [session, cache] = [new MemorySession(), memoryCache()];
    const graph = graphOf(vertex('one', [exec(['one'])]));
    await run(graph, { session, cache, skipCache: () => '--no-cache' }).solution;
    await run(graph, { session, cache }).solution;
    expect(session.applied).toEqual(['one']);
  });

  test('a step whose snapshot is gone is made again only when its tree is needed', async () => {
    const [session, cache] = [new MemorySession(), memoryCache()];
    const one = vertex('one', [exec(['one'])]);
    const graphWith = (last: string) => graphOf(one, vertex('two', [exec(['two'])], one), vertex('last', [exec([last])], vertex('two', [exec(['two'])], one)));
    await run(graphWith('a'), { session, cache }).solution;
    const [first, second] = [...session.snapshots.keys()];
    session.snapshots.delete(first ?? '');
    session.snapshots.delete(second ?? '');
    const again = run(graphWith('a'), { session, cache });
    await again.solution;
    expect(session.applied).toEqual(['one', 'two', 'last']);
    expect(again.events.map((event) => ('note' in event ? [event.type, event.note.name] : event.type))).toEqual(['graph', ['cached', 'last'], ['cached', 'one'], ['cached', 'two']]);
    await run(graphWith('b'), { session, cache }).solution;
    expect(session.applied).toEqual(['one', 'two', 'last', 'one', 'two', 'last']);
  });

  test('what is required or comes before is made even where its tree is not needed', async () => {
    const [session, cache] = [new MemorySession(), memoryCache()];
    const [earlier, other] = [vertex('earlier', [exec(['earlier'])]), vertex('other', [exec(['other'])])];
    const graph = { ...graphOf(earlier, other, { ...vertex('last', [exec(['last'])]), after: [earlier.digest] }), required: [other.digest] };
    await run(graph, { session, cache }).solution;
    session.snapshots.clear();
    await run(graph, { session, cache }).solution;
    expect(session.applied.slice(3).sort()).toEqual(['earlier', 'last', 'other']);
  });

  test('when making again fails, nothing runs any more', async () => {
    const programs: Record<string, Program> = {};
    const [session, cache] = [new MemorySession(programs), memoryCache()];
    const graphWith = (last: string) => {
      const [left, right] = [vertex('left', [exec(['left'])]), vertex('right', [exec(['right'])])];
      return graphOf(left, right, vertex('last', [exec([last])], left, [right]));
    };
    await run(graphWith('a'), { session, cache }).solution;
    session.snapshots.clear();
    programs['left'] = wait;
    programs['right'] = () => Promise.reject(new DockerfileError('SOURCE_MISSING', 'no'));
    await expect(run(graphWith('b'), { session, cache }).solution).rejects.toMatchObject({ code: 'SOURCE_MISSING', range: { start: { line: 'right'.length } } });
    expect(session.running).toBe(0);
  });

  test('what follows a step that was made anew by wish is made on the new tree', async () => {
    const [session, cache] = [new MemorySession(), memoryCache()];
    const one = vertex('one', [exec(['one'])]);
    const graph = graphOf(one, vertex('two', [exec(['two'])], one));
    await run(graph, { session, cache }).solution;
    await run(graph, { session, cache, skipCache: ({ note }) => (note.name === 'one' ? '--no-cache-filter one' : undefined) }).solution;
    expect(session.applied).toEqual(['one', 'two', 'one', 'two']);
    await run(graph, { session, cache }).solution;
    expect(session.applied).toHaveLength(4);
  });

  test.each<[string, Reuse, readonly number[], readonly string[]]>([
    ['never is made each time', { never: true }, [0, 0], ['one', 'one']],
    ['young enough is found', { ttl: 60 }, [0, 60_000], ['one']],
    ['too old is made again, and is young then', { ttl: 60 }, [0, 61_000, 120_000], ['one', 'one']],
  ])('an instruction decides for itself: %s', async (_what, reuse, times, applied) => {
    const [session, cache] = [new MemorySession(), memoryCache()];
    const graph = graphOf({ ...vertex('one', [exec(['one'])]), reuse });
    for (const time of times) await run(graph, { session, cache, now: () => time }).solution;
    expect(session.applied).toEqual(applied);
  });

  test('a cache that does not tell ages has nothing young enough', async () => {
    const [session, cache] = [new MemorySession(), memoryCache()];
    const ageless: CacheStrategy = { ...cache, record: (query, { snapshot, identity }) => cache.record(query, { snapshot, identity }) };
    const graph = graphOf({ ...vertex('one', [exec(['one'])]), reuse: { ttl: 60 } });
    await run(graph, { session, cache: ageless }).solution;
    const { events, solution } = run(graph, { session, cache: ageless });
    await solution;
    expect(events).toContainEqual(expect.objectContaining({ type: 'missed', reason: 'the cache does not say how old it is' }));
  });

  test('independent vertices run at once, no more than allowed', async () => {
    const together: Program = async () => {
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    };
    const branches = ['a', 'b', 'c', 'd'].map((name) => vertex(name, [exec([name])]));
    const last = vertex('last', branches.map((_branch, input) => ({ ...copy('x'), input })), null, branches);
    const session = new MemorySession({ a: together, b: together, c: together, d: together });
    await run(graphOf(...branches, last), { session, cache: memoryCache(), parallelism: 3 }).solution;
    expect(session.most).toBe(3);
  });

  test('the first failure stops the others, and carries the position of its vertex', async () => {
    const fail: Program = () => Promise.reject(new DockerfileError('SOURCE_MISSING', 'no'));
    const session = new MemorySession({ fail, wait });
    const branches = [vertex('waits', [exec(['wait'])]), vertex('fails', [exec(['fail'])])];
    const last = vertex('last', [copy('x')], null, branches);
    const { solution, events } = run(graphOf(...branches, last), { session, cache: memoryCache() });
    await expect(solution).rejects.toMatchObject({ code: 'SOURCE_MISSING', range: { start: { line: 'fails'.length } } });
    expect(session.running).toBe(0);
    expect(events.filter(({ type }) => type === 'done')).toHaveLength(2);
  });

  test('cancelling ends what runs', async () => {
    const [session, stop] = [new MemorySession({ wait }), new AbortController()];
    const graph = graphOf(vertex('one', [exec(['wait'])]));
    const { solution } = run(graph, {
      session,
      cache: memoryCache(),
      signal: stop.signal,
      emit: ({ type }) => {
        if (type === 'started') setImmediate(() => stop.abort());
      },
    });
    await expect(solution).rejects.toBeInstanceOf(CancelledError);
    expect(session.running).toBe(0);
  });

  test('an image without layers has no state', async () => {
    await expect(run(graphOf(), { session: new MemorySession(), cache: memoryCache() }).solution).resolves.toEqual([null]);
  });
});
