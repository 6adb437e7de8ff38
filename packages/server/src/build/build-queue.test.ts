import { BuildQueue } from './build-queue';
import type { QueueClient } from './queue-client';

const never = new AbortController().signal;

const one: QueueClient = { owner: 'one', part: '' };

interface Held {
  readonly name: string;
  readonly ended: Promise<string>;
  end(): void;
}

function hold(queue: BuildQueue, name: string, started: string[], signal = never, client: QueueClient = one): Held {
  let end = (): void => undefined;
  const gate = new Promise<void>((resolve) => (end = resolve));
  const ended = queue.run(async () => {
    started.push(name);
    await gate;
    return name;
  }, signal, client);
  return { name, ended, end: () => end() };
}

describe('the queue of builds', () => {
  test('runs as many as allowed, the rest in the order in which they came', async () => {
    const [queue, started]: [BuildQueue, string[]] = [new BuildQueue(2, 10), []];
    const builds = ['a', 'b', 'c', 'd'].map((name) => hold(queue, name, started));
    expect(started).toEqual(['a', 'b']);
    expect(queue.state).toEqual({ running: 2, waiting: 2 });
    for (const build of builds) {
      build.end();
      expect(await build.ended).toBe(build.name);
    }
    expect(started).toEqual(['a', 'b', 'c', 'd']);
    expect(queue.state).toEqual({ running: 0, waiting: 0 });
  });

  test('whoever asks for many does not keep others waiting', async () => {
    const [queue, started]: [BuildQueue, string[]] = [new BuildQueue(2, 10), []];
    const builds = ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1'].map((name) => hold(queue, name, started, never, { owner: name.slice(0, 1), part: '' }));
    for (let ended = 0; ended < builds.length; ended += 1) {
      const next = builds.find(({ name }) => name === started[ended]);
      next?.end();
      await next?.ended;
    }
    expect(started).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4']);
    expect(queue.state).toEqual({ running: 0, waiting: 0 });
  });

  test('a failure gives its place on', async () => {
    const [queue, started]: [BuildQueue, string[]] = [new BuildQueue(1, 10), []];
    const failed = queue.run(async () => {
      throw new Error('no');
    }, never, one);
    const next = hold(queue, 'next', started);
    next.end();
    await expect(failed).rejects.toThrow('no');
    expect(await next.ended).toBe('next');
  });

  test('one that gives up while it waits is never started', async () => {
    const [queue, started, stop]: [BuildQueue, string[], AbortController] = [new BuildQueue(1, 10), [], new AbortController()];
    const first = hold(queue, 'first', started);
    const gone = hold(queue, 'gone', started, stop.signal);
    const last = hold(queue, 'last', started);
    stop.abort();
    await expect(gone.ended).rejects.toMatchObject({ code: 'CANCELLED' });
    first.end();
    last.end();
    await Promise.all([first.ended, last.ended]);
    expect(started).toEqual(['first', 'last']);
  });

  test('among builds of one owner its parts have turns', async () => {
    const [queue, started]: [BuildQueue, string[]] = [new BuildQueue(1, 10), []];
    const builds = ['a1', 'a2', 'a3', 'b1', 'c1'].map((name) => hold(queue, name, started, never, { owner: name.startsWith('c') ? 'other' : 'me', part: name.slice(0, 1) }));
    for (let ended = 0; ended < builds.length; ended += 1) {
      const next = builds.find(({ name }) => name === started[ended]);
      next?.end();
      await next?.ended;
      await new Promise(setImmediate);
    }
    expect(started).toEqual(['a1', 'c1', 'b1', 'a2', 'a3']);
  });

  test('when too many wait it is the latest of whoever has the most that is refused', async () => {
    const [queue, started]: [BuildQueue, string[]] = [new BuildQueue(1, 3), []];
    const builds = ['a1', 'a2', 'a3', 'a4'].map((name) => hold(queue, name, started, never, { owner: 'a', part: '' }));
    const refused = expect(builds[3]?.ended).rejects.toMatchObject({ status: 503 });
    const late = hold(queue, 'b1', started, never, { owner: 'b', part: '' });
    await refused;
    await expect(hold(queue, 'a5', started, never, { owner: 'a', part: '' }).ended).rejects.toMatchObject({ status: 503 });
    for (const build of [...builds.slice(0, 3), late]) build.end();
    await Promise.all([...builds.slice(0, 3), late].map(({ ended }) => ended));
    expect(started).toEqual(['a1', 'b1', 'a2', 'a3']);
  });

  test('refuses more than may wait', async () => {
    const [queue, started]: [BuildQueue, string[]] = [new BuildQueue(1, 1), []];
    const builds = ['a', 'b'].map((name) => hold(queue, name, started));
    await expect(hold(queue, 'c', started).ended).rejects.toMatchObject({ status: 503 });
    for (const build of builds) build.end();
    await Promise.all(builds.map(({ ended }) => ended));
  });
});
