import { CancelledError, DockerfileError, type Backend, type BuildEvent, type BuildGraph, type CacheStrategy, type Reuse, type Vertex } from '@strake/api';
import { createSimulator } from '@strake/backend-simulator';
import { createMemoryBackend, type MemoryBackend, type MemoryProgram } from '@strake/testing';
import { solve, type SolveOptions } from '.';
import { exec, graphOf, vertex } from './test-support/graph';
import { memoryCache } from './test-support/memory-cache';

interface Setting extends Partial<Omit<SolveOptions, 'session'>> {
  readonly backend: Backend;
  readonly cache: CacheStrategy;
}

function run(graph: BuildGraph, { backend, ...setting }: Setting): { readonly events: BuildEvent[]; readonly solution: ReturnType<typeof solve> } {
  const events: BuildEvent[] = [];
  const options = { signal: new AbortController().signal, emit: (event: BuildEvent) => void events.push(event), ...setting };
  const session = backend.open({ contexts: new Map(), extraHosts: [], signal: options.signal });
  return { events, solution: session.then((opened) => solve(graph, { ...options, session: opened })) };
}

const wait: MemoryProgram = (_files, { signal }) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new CancelledError()), { once: true }));
const context = vertex('context', [{ type: 'source', scheme: 'context', reference: '' }]);
const copy = (...sources: readonly string[]) => ({ type: 'copy', input: 0, sources, destination: '/' }) as const;

/** A backend whose image has a file, and whose programs do nothing where a test does not say what they do. */
const memory = (programs: Readonly<Record<string, MemoryProgram>> = {}): MemoryBackend => createMemoryBackend({ images: { busybox: { files: { a: 'base' } } }, programs: { '*': () => undefined, ...programs } });

describe('solve', () => {
  test('applies each vertex once, parents first', async () => {
    const backend = memory();
    const base = vertex('base', [{ type: 'source', scheme: 'image', reference: 'busybox' }]);
    const one = vertex('one', [exec(['one'])], base);
    const [left, right] = [vertex('left', [exec(['left'])], one), vertex('right', [exec(['right'])], one)];
    const last = vertex('last', [copy('a')], left, [right]);
    await run(graphOf(base, one, left, right, last), { backend, cache: memoryCache() }).solution;
    expect(backend.applied).toEqual(['one', 'left', 'right', 'last']);
  });

  test('a second build applies nothing, and says so', async () => {
    const [backend, cache] = [memory(), memoryCache()];
    backend.context.set('a', '1');
    const graph = graphOf(context, vertex('copy', [copy('a')], null, [context]));
    await run(graph, { backend, cache }).solution;
    const { events, solution } = run(graph, { backend, cache });
    await solution;
    expect(backend.applied).toEqual(['copy']);
    expect(events.map(({ type }) => type)).toEqual(['graph', 'cached']);
  });

  test('a changed file of the context misses', async () => {
    const [backend, cache] = [memory(), memoryCache()];
    const graph = graphOf(context, vertex('copy', [copy('a')], null, [context]));
    for (const content of ['1', '2', '1']) {
      backend.context.set('a', content);
      await run(graph, { backend, cache }).solution;
    }
    expect(backend.applied).toEqual(['copy', 'copy']);
  });

  test('a rebuilt stage with the same files still hits where it is copied from', async () => {
    const program: MemoryProgram = (files) => void files.set('out', 'same');
    const [backend, cache] = [memory({ make: program }), memoryCache()];
    const graphWith = (variable: string) => {
      const stage = vertex('stage', [exec(['make'], [variable])]);
      return graphOf(stage, vertex('copy', [copy('out')], null, [stage]));
    };
    await run(graphWith('A=1'), { backend, cache }).solution;
    await run(graphWith('A=2'), { backend, cache }).solution;
    expect(backend.applied).toEqual(['stage', 'copy', 'stage']);
  });

  test('a record whose snapshot is gone is a miss', async () => {
    const [backend, cache] = [memory(), memoryCache()];
    const graph = graphOf(vertex('one', [exec(['one'])]));
    await run(graph, { backend, cache }).solution;
    backend.forget();
    const { events, solution } = run(graph, { backend, cache });
    await solution;
    expect(events).toContainEqual(expect.objectContaining({ type: 'missed', reason: 'its snapshot is no longer in the store' }));
  });

  test('what is not looked up is recorded all the same', async () => {
    const [backend, cache] = [memory(), memoryCache()];
    const graph = graphOf(vertex('one', [exec(['one'])]));
    await run(graph, { backend, cache, skipCache: () => '--no-cache' }).solution;
    await run(graph, { backend, cache }).solution;
    expect(backend.applied).toEqual(['one']);
  });

  test('a step whose snapshot is gone is made again only when its tree is needed', async () => {
    const [backend, cache] = [memory(), memoryCache()];
    const one = vertex('one', [exec(['one'])]);
    const graphWith = (last: string) => graphOf(one, vertex('two', [exec(['two'])], one), vertex('last', [exec([last])], vertex('two', [exec(['two'])], one)));
    await run(graphWith('a'), { backend, cache }).solution;
    backend.forget('one', 'two');
    const again = run(graphWith('a'), { backend, cache });
    await again.solution;
    expect(backend.applied).toEqual(['one', 'two', 'last']);
    expect(again.events.map((event) => ('note' in event ? [event.type, event.note.name] : event.type))).toEqual(['graph', ['cached', 'last'], ['cached', 'one'], ['cached', 'two']]);
    await run(graphWith('b'), { backend, cache }).solution;
    expect(backend.applied).toEqual(['one', 'two', 'last', 'one', 'two', 'last']);
  });

  test('what is required or comes before is made even where its tree is not needed', async () => {
    const [backend, cache] = [memory(), memoryCache()];
    const [earlier, other] = [vertex('earlier', [exec(['earlier'])]), vertex('other', [exec(['other'])])];
    const graph = { ...graphOf(earlier, other, { ...vertex('last', [exec(['last'])]), after: [earlier.digest] }), required: [other.digest] };
    await run(graph, { backend, cache }).solution;
    backend.forget();
    await run(graph, { backend, cache }).solution;
    expect(backend.applied.slice(3).sort()).toEqual(['earlier', 'last', 'other']);
  });

  test('when making again fails, nothing runs any more', async () => {
    const programs: Record<string, MemoryProgram> = { '*': () => undefined };
    const [backend, cache] = [createMemoryBackend({ programs }), memoryCache()];
    const graphWith = (last: string) => {
      const [left, right] = [vertex('left', [exec(['left'])]), vertex('right', [exec(['right'])])];
      return graphOf(left, right, vertex('last', [exec([last])], left, [right]));
    };
    await run(graphWith('a'), { backend, cache }).solution;
    backend.forget();
    programs['left'] = wait;
    programs['right'] = () => Promise.reject(new DockerfileError('SOURCE_MISSING', 'no'));
    await expect(run(graphWith('b'), { backend, cache }).solution).rejects.toMatchObject({ code: 'SOURCE_MISSING', range: { start: { line: 'right'.length } } });
    expect(backend.running).toBe(0);
  });

  test('what follows a step that was made anew by wish is made on the new tree', async () => {
    const [backend, cache] = [memory(), memoryCache()];
    const one = vertex('one', [exec(['one'])]);
    const graph = graphOf(one, vertex('two', [exec(['two'])], one));
    await run(graph, { backend, cache }).solution;
    await run(graph, { backend, cache, skipCache: ({ note }) => (note.name === 'one' ? '--no-cache-filter one' : undefined) }).solution;
    expect(backend.applied).toEqual(['one', 'two', 'one', 'two']);
    await run(graph, { backend, cache }).solution;
    expect(backend.applied).toHaveLength(4);
  });

  test.each<[string, Reuse, readonly number[], readonly string[]]>([
    ['never is made each time', { never: true }, [0, 0], ['one', 'one']],
    ['young enough is found', { ttl: 60 }, [0, 60_000], ['one']],
    ['too old is made again, and is young then', { ttl: 60 }, [0, 61_000, 120_000], ['one', 'one']],
  ])('an instruction decides for itself: %s', async (_what, reuse, times, applied) => {
    const [backend, cache] = [memory(), memoryCache()];
    const graph = graphOf({ ...vertex('one', [exec(['one'])]), reuse });
    for (const time of times) await run(graph, { backend, cache, now: () => time }).solution;
    expect(backend.applied).toEqual(applied);
  });

  test('a cache that does not tell ages has nothing young enough', async () => {
    const [backend, cache] = [memory(), memoryCache()];
    const ageless: CacheStrategy = { ...cache, record: (query, { snapshot, identity }) => cache.record(query, { snapshot, identity }) };
    const graph = graphOf({ ...vertex('one', [exec(['one'])]), reuse: { ttl: 60 } });
    await run(graph, { backend, cache: ageless }).solution;
    const { events, solution } = run(graph, { backend, cache: ageless });
    await solution;
    expect(events).toContainEqual(expect.objectContaining({ type: 'missed', reason: 'the cache does not say how old it is' }));
  });

  test('a step that is made only because of another names the one that changed first', async () => {
    const [backend, cache] = [memory(), memoryCache()];
    // A strategy that knows what the steps were built with.
    const telling: CacheStrategy = {
      ...cache,
      lookup: async (query) => {
        const answer = await cache.lookup(query);
        if (answer.hit) return answer;
        const what = query.vertex.note.name === 'one' ? 'instruction' : 'step';
        return { ...answer, changes: [{ what, name: 'x', how: 'changed' }] };
      },
    };
    const one = vertex('one', [exec(['one'])]);
    const two = vertex('two', [exec(['two'])], one);
    const { events, solution } = run(graphOf(one, two, vertex('three', [exec(['three'])], two)), { backend, cache: telling });
    await solution;
    const missed = events.flatMap((event) => (event.type === 'missed' ? [[event.note.name, event.reason, event.miss?.because]] : []));
    expect(missed).toEqual([['one', 'never built', undefined], ['two', 'an earlier step changed: one', one.digest], ['three', 'an earlier step changed: one', one.digest]]);
  });

  test.each<[string, readonly string[]]>([['exec', ['one', 'two', 'one', 'two']], ['copy', ['one', 'two', 'one']]])('what a strategy refuses is made; what stands on a %s is made again only where that may differ', async (type, applied) => {
    const [backend, cache] = [memory(), memoryCache()];
    backend.context.set('a', '1');
    const one = type === 'exec' ? vertex('one', [exec(['one'])]) : vertex('one', [copy('a')], null, [context]);
    const graph = graphOf(...(type === 'exec' ? [] : [context]), one, vertex('two', [exec(['two'])], one));
    await run(graph, { backend, cache }).solution;
    const refusing: CacheStrategy = { ...cache, lookup: async (query) => (query.vertex.note.name === 'one' ? { hit: false, reason: 'old', refused: true } : cache.lookup(query)) };
    await run(graph, { backend, cache: refusing }).solution;
    expect(backend.applied).toEqual(applied);
  });

  test('a dry run asks for no tree that is not here for a step which may itself be found', async () => {
    const [backend, cache] = [memory({ '*': (files, { exec: { args } }) => void files.set('f', args[1] ?? '') }), memoryCache()];
    const [a, changed, b] = [vertex('a', [exec(['a'])]), vertex('a', [exec(['again'])]), vertex('b', [exec(['b'])])];
    const graph = (first: Vertex): BuildGraph => {
      const left = vertex('left', [copy('f')], null, [first]);
      return graphOf(first, b, left, vertex('last', [copy('f')], left, [b]));
    };
    await run(graph(a), { backend, cache }).solution;
    backend.forget('b');
    const { events, solution } = run(graph(changed), { backend: createSimulator(backend), cache: { ...cache, record: async () => undefined } });
    await solution;
    const missed = events.flatMap((event) => (event.type === 'missed' ? [[event.note.name, event.miss?.uncertain ?? false]] : []));
    expect(missed).toEqual([['a', false], ['left', true], ['last', true], ['b', true]]);
    await run(graph(changed), { backend, cache }).solution;
    expect(backend.applied.slice(4)).toEqual(['a']);
  });

  test('two steps of one key are made once, also at once', async () => {
    const [backend, cache] = [memory({ '*': (files) => void files.set('f', '1') }), memoryCache()];
    const [a, b] = [vertex('a', [exec(['a'])]), vertex('b', [exec(['b'])])];
    const [left, right] = [vertex('left', [copy('f')], null, [a]), vertex('right', [copy('f')], null, [b])];
    const { events, solution } = run(graphOf(a, b, left, right, vertex('last', [copy('f')], left, [right])), { backend, cache });
    await solution;
    expect(backend.applied.filter((name) => name !== 'left' && name !== 'right')).toEqual(['a', 'b', 'last']);
    expect(backend.applied).toHaveLength(4);
    expect(events.filter(({ type }) => type === 'cached')).toHaveLength(1);
  });

  test('independent vertices run at once, no more than allowed', async () => {
    const together: MemoryProgram = async (files) => {
      files.set('x', '');
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    };
    const branches = ['a', 'b', 'c', 'd'].map((name) => vertex(name, [exec([name])]));
    const last = vertex('last', branches.map((_branch, input) => ({ ...copy('x'), input })), null, branches);
    const backend = memory({ a: together, b: together, c: together, d: together });
    await run(graphOf(...branches, last), { backend, cache: memoryCache(), parallelism: 3 }).solution;
    expect(backend.most).toBe(3);
  });

  test('the first failure stops the others, and carries the position of its vertex', async () => {
    const fail: MemoryProgram = () => Promise.reject(new DockerfileError('SOURCE_MISSING', 'no'));
    const backend = memory({ fail, wait });
    const branches = [vertex('waits', [exec(['wait'])]), vertex('fails', [exec(['fail'])])];
    const last = vertex('last', [copy('x')], null, branches);
    const { solution, events } = run(graphOf(...branches, last), { backend, cache: memoryCache() });
    await expect(solution).rejects.toMatchObject({ code: 'SOURCE_MISSING', range: { start: { line: 'fails'.length } } });
    expect(backend.running).toBe(0);
    expect(events.filter(({ type }) => type === 'done')).toHaveLength(2);
  });

  test('cancelling ends what runs', async () => {
    const [backend, stop] = [memory({ wait }), new AbortController()];
    const graph = graphOf(vertex('one', [exec(['wait'])]));
    const { solution } = run(graph, {
      backend,
      cache: memoryCache(),
      signal: stop.signal,
      emit: ({ type }) => {
        if (type === 'started') setImmediate(() => stop.abort());
      },
    });
    await expect(solution).rejects.toBeInstanceOf(CancelledError);
    expect(backend.running).toBe(0);
  });

  test('an image without layers has no state', async () => {
    await expect(run(graphOf(), { backend: memory(), cache: memoryCache() }).solution).resolves.toEqual([null]);
  });
});
