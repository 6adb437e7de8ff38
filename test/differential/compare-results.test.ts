import type { ImageFacts } from '../image/image-facts';
import { refusedRemoteCases, remoteCases } from '../sources/remote-cases';
import type { CaseResult } from './build-case';
import { listCases } from './cases';
import { compareResults } from './compare-results';
import { intendedDifferences, unexplained } from './intended';
import { namedLine } from './named-line';

const facts: ImageFacts = { config: {}, history: [], layers: [['a']], tree: { a: { owner: '0:0' } } };
const built = (change: Partial<ImageFacts> = {}): CaseResult => ({ kind: 'built', facts: { ...facts, ...change } });
const refused: CaseResult = { kind: 'refused', line: 2, output: 'no' };

it('lets a difference pass only by name, and only the one it explains', () => {
  const owner = compareResults(built(), built({ tree: { a: { owner: '3000000000:0' } } }));
  expect(unexplained(owner).map(({ where }) => where)).toEqual(['tree:a.owner']);
  expect(unexplained(owner, ['large-owner-kept'])).toEqual([]);
  expect(unexplained(compareResults(built(), built({ config: { User: 'app' } })), ['large-owner-kept'])).toHaveLength(1);
  expect(() => unexplained([], ['made-up'])).toThrow('made-up');
});

it('tells a build from a refusal', () => {
  expect(compareResults(built(), refused).map(({ where }) => where)).toEqual(['result']);
  expect(compareResults(refused, refused)).toEqual([]);
});

it('knows every intended difference that a case names, and uses every one it knows', () => {
  const cases = [...listCases('cases').map(({ options }) => options), ...remoteCases, ...refusedRemoteCases];
  const named = new Set(cases.flatMap(({ intended }) => intended ?? []));
  const optional = Object.keys(intendedDifferences).filter((name) => intendedDifferences[name]?.everywhere !== true);
  expect([...named].sort()).toEqual(optional.sort());
});

it.each([
  ['Dockerfile:3\n----', 3],
  ['error at /ctx/Dockerfile:12:5: no', 12],
  ['dockerfile parse error on line 4: unknown', 4],
  ['Step 3/4 : RUN x', null],
] as const)('finds the line in %j', (output, line) => {
  expect(namedLine(output)).toBe(line);
});
