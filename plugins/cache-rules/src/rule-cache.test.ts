import type { Op, Vertex } from '@strake/api';
import { createNoCache } from '@strake/cache-none';
import { createRuleCache, ruleMatches, type StepMatch } from '.';

const copy: Op = { type: 'copy', input: 0, sources: ['a'], destination: '/' };
const vertex = (name: string, stage: string, ops: readonly Op[] = []): Vertex => ({ digest: 'sha256:0', ops, parent: null, inputs: [], note: { name, stage } });
const step = vertex('[linux/arm64 test 2/3] COPY a /', 'test', [copy]);

test.each<[StepMatch, boolean]>([
  [{ stage: 'TEST' }, true],
  [{ stage: ['lint', 'test'] }, true],
  [{ stage: 'build' }, false],
  [{ keyword: 'copy' }, true],
  [{ keyword: 'RUN' }, false],
  [{ keyword: 'COP' }, false],
  [{ op: 'copy' }, true],
  [{ op: ['exec', 'mkdir'] }, false],
  [{ when: ({ note }) => note.name.includes('COPY a') }, true],
  [{ stage: 'test', when: () => false }, false],
])('%j', (rule, matches) => {
  expect(ruleMatches(rule, step)).toBe(matches);
});

test('triggers go by their own keyword', () => {
  expect(ruleMatches({ keyword: 'RUN' }, vertex('[1/2] ONBUILD RUN make', '0'))).toBe(true);
});

test('a rule that says nothing is refused', () => {
  expect(() => ruleMatches({}, step)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
});

test('the first rule that fits decides', async () => {
  const named = (name: string) => ({ ...createNoCache(), name, lookup: async () => ({ hit: false, reason: name }) as const });
  const cache = createRuleCache([{ keyword: 'RUN', use: named('run') }, { stage: 'test', use: named('stage') }, { keyword: 'COPY', use: named('copy') }], named('otherwise'));
  const reason = async (asked: Vertex) => cache.lookup({ vertex: asked, by: 'content', key: { digest: 'sha256:0', parts: [] } });
  expect(await reason(step)).toMatchObject({ reason: 'stage' });
  expect(await reason(vertex('[build 1/1] WORKDIR /', 'build'))).toMatchObject({ reason: 'otherwise' });
});
