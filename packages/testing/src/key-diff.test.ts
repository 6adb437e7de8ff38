import { defaultPlugins } from 'strake';
import { keyDiff } from './key-diff';

const images = { base: { Env: ['PATH=/bin'] } };

test.each<[string, string, string, readonly string[]]>([
  ['nothing', 'RUN make', 'RUN make', []],
  ['the place, comments, blanks', 'FROM base\nRUN make', '# x\n\nFROM  base\n  RUN   make', []],
  ['the command', 'RUN make', 'RUN make all', ['RUN make all: command:0 changed']],
  ['a variable, told once', 'ENV A=1\nRUN make\nRUN test', 'ENV A=2\nRUN make\nRUN test', ['RUN make: env:A changed', 'RUN test: env:A changed']],
  ['a new variable', 'FROM base\nRUN make', 'FROM base\nARG B=1\nRUN make', ['RUN make: env-order:0 changed', 'RUN make: env:B is new']],
  ['what only the config says', 'RUN make\nLABEL a=1', 'RUN make\nLABEL a=2', []],
  ['a step more', 'RUN make', 'RUN make\nWORKDIR /a', ['WORKDIR /a: is new']],
  ['a step less', 'RUN make\nWORKDIR /a', 'RUN make', ['WORKDIR /a: is gone']],
  ['a mount', 'RUN make', 'RUN --mount=type=tmpfs,target=/t make', ['RUN --mount=type=tmpfs,target=/t make: mount:/t is new']],
])('%s', async (_what, before, after, expected) => {
  expect(await keyDiff(defaultPlugins, before, after, { images })).toEqual(expected);
});

test('build arguments count, and missing images are said', async () => {
  const text = 'FROM base\nARG V\nRUN make';
  expect(await keyDiff(defaultPlugins, text, text, { images, buildArgs: { V: '1' } })).toEqual([]);
  await expect(keyDiff(defaultPlugins, 'FROM other', 'FROM other')).rejects.toMatchObject({ code: 'IMAGE_MISSING' });
});
