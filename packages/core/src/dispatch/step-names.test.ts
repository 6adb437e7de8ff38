import { lowerText } from '../test-support/lower-text';

const names = async (text: string): Promise<readonly string[]> => (await lowerText(text)).vertices.map(({ note }) => note.name);

// What BuildKit prints for the same files.
const cases: readonly (readonly [string, string, readonly string[]])[] = [
  ['the only stage has no name', 'FROM plain AS build\nRUN make', ['[1/2] FROM docker.io/library/plain:latest@sha256:plain', '[2/2] RUN make']],
  ['scratch is no step', 'FROM scratch\nRUN make', ['[1/1] RUN make']],
  ['a stage is no step of a stage on it', 'FROM scratch AS a\nRUN x\nFROM a AS b\nRUN y', ['[a 1/1] RUN x', '[b 1/1] RUN y']],
  ['a stage without a name has a number', 'FROM scratch AS a\nFROM scratch\nRUN y', ['[stage-1 1/1] RUN y']],
  ['metadata does not count', 'FROM scratch\nENV a=b\nRUN x\nUSER y\nWORKDIR /z', ['[1/2] RUN x', '[2/2] WORKDIR /z']],
  ['numbers are padded', `FROM scratch\n${'RUN x\n'.repeat(10)}`, [...Array(9).keys()].map((index) => `[ ${index + 1}/10] RUN x`).concat('[10/10] RUN x')],
  ['a build context', 'FROM scratch\nCOPY a b', ['[internal] load build context', '[1/1] COPY a b']],
  ['copying from an image', 'FROM scratch\nCOPY --from=plain a b', ['FROM docker.io/library/plain:latest@sha256:plain', '[stage-0 1/1] COPY --from=plain a b']],
  ['variables of a copy, quotes removed', 'FROM scratch\nENV d=/x\ncopy "a" $d$no/', ['[internal] load build context', '[1/1] COPY a /x/']],
  ['variables of a program, quotes kept', 'FROM scratch\nENV d=/x\nrun ls "$d" $no', ['[1/1] RUN ls "/x" $no']],
  ['a text that is no word', "FROM scratch\nRUN it's", ["[1/1] RUN it's"]],
  ['continuations are joined', 'FROM scratch\nRUN a \\\n  b', ['[1/1] RUN a   b']],
  ['a script', 'FROM scratch\nRUN <<E\n\n  one\n  two\nE', ['[1/1] RUN <<E (one...)']],
  ['a script of one line', 'FROM scratch\nRUN <<E\none\nE', ['[1/1] RUN <<E (one)']],
  ['a trigger', 'FROM scratch AS a\nONBUILD RUN x\nFROM a', ['[stage-1 1/1] ONBUILD RUN x']],
];

test.each(cases)('%s', async (_name, text, expected) => {
  expect(await names(text)).toEqual(expected);
});

test('equal instructions of a stage are counted', async () => {
  const { vertices } = await lowerText('FROM scratch AS a\nRUN x\nRUN y\nRUN x\nRUN x\nFROM a\nRUN x');
  expect(vertices.map(({ note }) => [note.name.replace(/.*\] /, ''), note.occurrence])).toEqual([['RUN x', undefined], ['RUN y', undefined], ['RUN x', 2], ['RUN x', 3], ['RUN x', undefined]]);
});

test('the range is that of the instruction', async () => {
  const { vertices } = await lowerText('FROM scratch\nRUN x \\\n  y');
  expect(vertices[0]?.note).toEqual({ name: '[1/1] RUN x   y', stage: 'stage-0', range: { file: 'Dockerfile', start: { line: 2, column: 1 }, end: { line: 3, column: 4 } } });
});
