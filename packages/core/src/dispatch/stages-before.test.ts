import type { BuildGraph, Digest } from '@strake/api';
import { lowerText } from '../test-support/lower-text';

const digestOf = ({ vertices }: BuildGraph, name: string): Digest | undefined => vertices.find(({ note }) => note.name.endsWith(name))?.digest;
const afterOf = ({ vertices }: BuildGraph, name: string) => vertices.find(({ note }) => note.name.endsWith(name))?.after;

const last = 'FROM --after=checks plain AS last\nRUN last\nRUN more\n';

test('a stage that comes after another is ordered by its first step, and the other is required', async () => {
  const graph = await lowerText(`FROM plain AS checks\nRUN test\n${last}`);
  const checks = digestOf(graph, 'RUN test') as Digest;
  expect(afterOf(graph, 'RUN last')).toEqual([checks]);
  expect(afterOf(graph, 'RUN more')).toBeUndefined();
  expect(graph.required).toEqual([checks]);
});

test('the order is in no digest', async () => {
  const ordered = await lowerText(`FROM plain AS checks\nRUN test\n${last}`);
  const free = await lowerText(`FROM plain AS checks\nRUN test\n${last.replace('--after=checks ', '')}`);
  expect(ordered.results[0]?.root).toBe(free.results[0]?.root);
  expect(digestOf(free, 'RUN test')).toBeUndefined();
  expect(free.required).toBeUndefined();
});

test('what both stages begin with comes before either', async () => {
  const graph = await lowerText('FROM plain AS checks\nRUN same\nRUN test\nFROM --after=checks plain\nRUN same\nRUN last\n');
  expect(afterOf(graph, 'RUN same')).toBeUndefined();
  expect(afterOf(graph, 'RUN last')).toEqual([digestOf(graph, 'RUN test')]);
});

test.each([
  ['a stage that only has a config', 'FROM plain AS a\nENV A=1\nFROM --after=a scratch\nLABEL x=y\n', 1],
  ['a stage without anything', 'FROM scratch AS a\nFROM --after=a scratch\n', undefined],
  ['an index, a name in capitals, and a variable', 'ARG S=b\nFROM plain AS a\nRUN 1\nFROM plain AS b\nRUN 2\nFROM --after=0,B --after=$S plain\nRUN 3\n', 2],
  ['a stage that is after another itself', 'FROM plain AS a\nRUN 1\nFROM --after=a plain AS b\nRUN 2\nFROM --after=b plain\nRUN 3\n', 2],
])('%s', async (_what, text, count) => {
  expect((await lowerText(text)).required?.length).toBe(count);
});

test.each([
  ['an unknown stage', 'FROM scratch AS checks\nFROM --after=cheks scratch\n', 'UNKNOWN_STAGE', 'did you mean checks?'],
  ['a later stage', 'FROM --after=b scratch\nFROM scratch AS b\n', 'INVALID_STAGE', undefined],
  ['the stage itself', 'FROM --after=b scratch AS b\n', 'INVALID_STAGE', undefined],
  ['a stage that nothing needs', 'FROM scratch AS a\nFROM --after=nope scratch AS b\nFROM a\n', 'UNKNOWN_STAGE', undefined],
])('%s is refused', async (_what, text, code, hint) => {
  const error: unknown = await lowerText(text).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code, range: { start: { column: 6 } } });
  expect((error as { hint?: string }).hint).toBe(hint);
});

test('all stages are required when that is asked for', async () => {
  const text = 'FROM plain AS a\nRUN 1\nFROM plain AS b\nRUN 2\nFROM plain\nRUN 3\n';
  expect((await lowerText(text, { allStages: true })).required).toHaveLength(3);
  expect((await lowerText(text)).vertices).toHaveLength(2);
});
