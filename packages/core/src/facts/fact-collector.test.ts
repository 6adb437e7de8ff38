import type { DockerfileFacts, VariableUse } from '@strake/api';
import type { LowerOptions } from '../dispatch/lower-dockerfile';
import { parseDockerfile } from '../parser/parse-dockerfile';
import { lowerText } from '../test-support/lower-text';
import { FactCollector } from './fact-collector';

async function factsOf(text: string, options: Partial<LowerOptions> = {}): Promise<DockerfileFacts> {
  const facts = new FactCollector();
  await lowerText(text, { ...options, facts }).catch(() => undefined);
  return facts.facts(parseDockerfile(text, { file: 'Dockerfile' }), { os: 'linux', architecture: 'amd64' });
}

const brief = (uses: readonly VariableUse[] = []): readonly string[] => uses.map(({ name, state, range }) => `${name} ${state} ${range.start.line}:${range.start.column}`);

test('stages that the target does not need are known by their FROM alone', async () => {
  const { stages, target } = await factsOf('FROM base AS a\nRUN x\nFROM scratch AS b\nRUN y', { target: 'a' });
  expect(target).toBe(0);
  expect(stages.map(({ name, lowered, instructions }) => [name, lowered, instructions.length])).toEqual([['a', true, 1], ['b', false, 0]]);
});

test('all stages, when they are wanted', async () => {
  const { stages } = await factsOf('FROM base AS a\nRUN x\nFROM a AS b\nCOPY --from=0 /x /y\nFROM scratch\nCOPY --from=B x y', { target: 'a', allStages: true });
  expect(stages.map(({ parent, reads, instructions }) => [parent, reads, instructions.length])).toEqual([[undefined, [], 1], [0, [0], 1], [undefined, [1], 1]]);
});

test('the variables of FROM, and its base without build arguments', async () => {
  const { stages, globals } = await factsOf('ARG tag=plain\nARG none\nFROM --platform=$TARGETPLATFORM ${tag}${none}${nobody} AS a', { buildArgs: { tag: 'base' } });
  expect(brief(stages[0]?.variables)).toEqual(['TARGETPLATFORM set 3:6', 'tag set 3:33', 'none declared 3:33', 'nobody unknown 3:33']);
  expect(stages[0]).toMatchObject({ base: 'base', defaultBase: 'plain', platform: 'linux/amd64', image: { reference: 'base', config: { os: 'linux' } } });
  expect(stages[0]?.known).toEqual(expect.arrayContaining(['tag', 'none', 'BUILDARCH']));
  expect(globals.map(({ name, value, from, uses }) => ({ name, value, from, uses }))).toEqual([
    { name: 'tag', value: 'base', from: 'given', uses: [] },
    { name: 'none', value: undefined, from: undefined, uses: [] },
  ]);
});

test('a base that is blank without build arguments', async () => {
  expect((await factsOf('ARG b\nFROM $b', { buildArgs: { b: 'base' } })).stages[0]?.defaultBase).toBe('');
});

test('the variables of instructions: words, flags, here-documents, defaults of ARG', async () => {
  const { stages } = await factsOf('FROM scratch\nARG a\nARG b=$a$c\nCOPY --chown=$d $b <<EOF /\n$e\nEOF\nENV PATH=$PATH:$a');
  expect(stages[0]?.instructions.map(({ variables }) => brief(variables))).toEqual([
    [], ['a declared 3:1', 'c unknown 3:1'], ['d unknown 4:6', 'b set 4:17', 'e unknown 5:1'], ['PATH set 7:5', 'a declared 7:5'],
  ]);
});

test('an image that is not to be had', async () => {
  const missing: string[] = [];
  const { stages } = await factsOf('FROM nowhere AS a\nENV a=$b\nFROM scratch\nCOPY --from=neither x y', { allStages: true, onMissingImage: (reference) => void missing.push(reference) });
  expect(missing.sort()).toEqual(['neither', 'nowhere']);
  expect(stages[0]?.image).toEqual({ reference: 'nowhere', platform: { os: 'linux', architecture: 'amd64' } });
  expect(stages[0]?.instructions).toHaveLength(1);
});

test('what was known of a file that is refused', async () => {
  const { stages } = await factsOf('FROM scratch AS a\nENV a=b\nWORKDIR ${x\nENV c=d');
  expect(stages[0]?.instructions.map(({ node }) => node.text)).toEqual(['a=b']);
});
