import { tmpdir } from 'node:os';
import type { BuildEvent, Digest, GraphStage } from '@strake/api';
import { ClassicProgress } from './classic-progress';

const digest = (letter: string): Digest => `sha256:${letter.repeat(64)}`;
const range = { file: 'Dockerfile', start: { line: 1, column: 1 }, end: { line: 1, column: 2 } };
const note = (name: string) => ({ name, stage: 'main' });
const step = (text: string, state: Digest | null) => ({ keyword: text.split(' ', 1)[0] ?? '', text, range, state, config: { Cmd: [text] } });

const stage = (index: number, image: string | undefined, base: Digest | null, steps: GraphStage['steps'], text = `FROM base${index}`): GraphStage => ({
  keyword: 'FROM', index, text, range, base, steps, ...(image === undefined ? {} : { image }),
});

function told(stages: readonly GraphStage[], events: readonly BuildEvent[], finish = true): readonly string[] {
  const written: string[] = [];
  const progress = new ClassicProgress((text) => written.push(text), { folder: tmpdir() });
  progress.event({ type: 'graph', at: 0, vertices: [], stages, globals: [] });
  for (const event of events) progress.event(event);
  if (finish) progress.finish({ imageId: digest('f') } as Parameters<ClassicProgress['finish']>[0], ['app:latest']);
  const ids = /(in|container) [0-9a-f]{12}\n/g;
  return written.join('').replace(ids, '$1 CONTAINER\n').replace(/---> (?!f{12}|a{12})[0-9a-f]{12}\n/g, '---> ID\n').split('\n').slice(0, -1);
}

const started = (vertex: Digest): BuildEvent => ({ type: 'started', at: 0, vertex, note: note('x') });
const done = (vertex: Digest): BuildEvent => ({ type: 'done', at: 0, vertex, note: note('x'), milliseconds: 1 });
const cached = (vertex: Digest): BuildEvent => ({ type: 'cached', at: 0, vertex, note: note('x') });
const log = (vertex: Digest, text: string): BuildEvent => ({ type: 'log', at: 0, vertex, stream: 1, data: Buffer.from(text) });

describe('the classic progress', () => {
  const [one, two] = [digest('1'), digest('2')];
  const simple = stage(0, `busybox@${digest('a')}`, digest('b'), [step('RUN echo hi', one), step('ENV a=b', one), step('COPY a /', two)]);

  test('a build without cache', () => {
    expect(told([simple], [started(one), log(one, 'hi\n'), done(one), started(two), done(two)])).toEqual([
      'Step 1/4 : FROM base0', ' ---> aaaaaaaaaaaa',
      'Step 2/4 : RUN echo hi', ' ---> Running in CONTAINER', 'hi', ' ---> Removed intermediate container CONTAINER', ' ---> ID',
      'Step 3/4 : ENV a=b', ' ---> Running in CONTAINER', ' ---> Removed intermediate container CONTAINER', ' ---> ID',
      'Step 4/4 : COPY a /', ' ---> ffffffffffff',
      'Successfully built ffffffffffff', 'Successfully tagged app:latest',
    ]);
  });

  test('a build from the cache', () => {
    expect(told([simple], [cached(one), cached(two)])).toEqual([
      'Step 1/4 : FROM base0', ' ---> aaaaaaaaaaaa',
      'Step 2/4 : RUN echo hi', ' ---> Using cache', ' ---> ID',
      'Step 3/4 : ENV a=b', ' ---> Using cache', ' ---> ID',
      'Step 4/4 : COPY a /', ' ---> Using cache', ' ---> ffffffffffff',
      'Successfully built ffffffffffff', 'Successfully tagged app:latest',
    ]);
  });

  test('what runs at the same time is told one after the other', () => {
    const first = stage(0, undefined, null, [step('RUN one', one)], 'FROM scratch AS first');
    const second = stage(1, undefined, null, [step('RUN two', two)], 'FROM scratch');
    expect(told([first, second], [started(two), log(two, 'two\n'), started(one), done(two), log(one, 'one\n'), done(one)], false)).toEqual([
      'Step 1/4 : FROM scratch AS first', ' ---> ',
      'Step 2/4 : RUN one', ' ---> Running in CONTAINER', 'one', ' ---> Removed intermediate container CONTAINER', ' ---> ID',
      'Step 3/4 : FROM scratch', ' ---> ',
      'Step 4/4 : RUN two', ' ---> Running in CONTAINER', 'two', ' ---> Removed intermediate container CONTAINER',
    ]);
  });

  test('a failed step ends with its output', () => {
    const failed: BuildEvent = { type: 'done', at: 0, vertex: one, note: note('x'), milliseconds: 1, error: 'exit code: 3' };
    expect(told([simple], [started(one), log(one, 'no\n'), failed], false).slice(-3)).toEqual(['Step 2/4 : RUN echo hi', ' ---> Running in CONTAINER', 'no']);
  });
});
