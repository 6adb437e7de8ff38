import type { AnyInstructionDefinition } from '@strake/api';
import { parseDockerfile } from '../parser/parse-dockerfile';
import { DIALECT, SYNTAX } from '../test-support/dialect';
import { describeDockerfile } from './describe-dockerfile';

const table = new Map([...DIALECT].map(([keyword, args]): [string, AnyInstructionDefinition] => [keyword, { keyword, summary: '', args, lower: () => ({}) }]));

function describeText(text: string) {
  return describeDockerfile(parseDockerfile(text, { file: 'Dockerfile', syntax: SYNTAX }), table);
}

const cases: readonly (readonly [string, string, unknown])[] = [
  ['words', 'FROM a AS b', { arguments: { kind: 'words', words: ['a', 'AS', 'b'] } }],
  ['shell form', 'RUN make "all"', { arguments: { kind: 'program', text: 'make "all"' }, form: 'shell' }],
  ['JSON form', 'CMD ["a", "b c"]', { arguments: { kind: 'program', words: ['a', 'b c'] }, form: 'json' }],
  ['JSON alone', 'SHELL ["a"]', { arguments: { kind: 'json', words: ['a'] }, form: 'json' }],
  ['words or JSON', 'VOLUME ["/a"]', { arguments: { kind: 'words', words: ['/a'] }, form: 'json' }],
  ['pairs', 'ENV a=$b c="d e"', { arguments: { kind: 'pairs', pairs: [{ name: 'a', value: '$b' }, { name: 'c', value: '"d e"' }] } }],
  ['a bare pair', 'ARG a', { arguments: { kind: 'pairs', pairs: [{ name: 'a' }] } }],
  ['raw', 'WORKDIR /a b', { arguments: { kind: 'raw', text: '/a b' } }],
  ['sources', 'COPY a b /c/', { arguments: { kind: 'sources', sources: ['a', 'b'], destination: '/c/' }, form: 'shell' }],
  ['choice', 'HEALTHCHECK --retries=3 CMD ["x"]', { arguments: { kind: 'choice', choice: 'CMD', words: ['x'] }, form: 'json', flags: [{ name: 'retries', value: '3' }] }],
  ['no program', 'HEALTHCHECK NONE', { arguments: { kind: 'choice', choice: 'NONE' } }],
  ['flags', 'COPY --link --from=b a c', { flags: [{ name: 'link', range: { start: { line: 1, column: 6 }, end: { line: 1, column: 12 } } }, { name: 'from', value: 'b' }] }],
  ['unknown words', 'cowsay --loud moo "a b', { keyword: 'COWSAY', written: 'cowsay', known: false, arguments: { kind: 'words', words: ['moo', '"a', 'b'] }, flags: [{ name: 'loud' }] }],
  ['an unknown array', 'COWSAY [1]', { known: false, arguments: { kind: 'words', words: ['[1]'] } }],
  ['an unknown JSON form', 'COWSAY ["a"]', { known: false, arguments: { kind: 'words', words: ['a'] }, form: 'json' }],
  ['a sub-instruction', 'ONBUILD RUN x', { arguments: { kind: 'sub-instruction', keyword: 'RUN', text: 'RUN x' }, instruction: { keyword: 'RUN', range: { start: { line: 1, column: 9 } }, arguments: { kind: 'program', text: 'x' } } }],
  ['comments', '# why\nRUN x', { comments: ['why'], original: 'RUN x', range: { start: { line: 2, column: 1 }, end: { line: 2, column: 6 } } }],
  ['here-documents', 'RUN 3<<-"E" x\n\ta\nE', { heredocs: [{ name: 'E', content: 'a\n', expand: false, chomp: true, fileDescriptor: 3, range: { start: { line: 2, column: 1 }, end: { line: 3, column: 2 } } }] }],
];

test.each(cases)('%s', (_name, text, expected) => {
  expect(describeText(text).instructions[0]).toMatchObject(expected as object);
});

test('the file', () => {
  const { instructions, ...file } = describeText('# escape=`\nRUN a `\n\n b');
  expect(instructions).toHaveLength(1);
  expect(file).toEqual({
    schema: 1, file: 'Dockerfile', escape: '`',
    directives: [{ key: 'escape', value: '`', range: { start: { line: 1, column: 1 }, end: { line: 1, column: 11 } } }],
    warnings: [{
      code: 'NoEmptyContinuation', message: 'Empty continuation line found in: RUN a  b', hint: 'Empty continuation lines will become errors in a future release',
      range: { start: { line: 3, column: 1 }, end: { line: 4, column: 3 } },
    }],
  });
});

test('it survives JSON', () => {
  const description = describeText('FROM a\nONBUILD COPY <<E /x\nhi\nE\nCMD');
  expect(JSON.parse(JSON.stringify(description))).toEqual(description);
});

test('arguments that the grammar refuses', () => {
  expect(() => describeText('FROM a\nSHELL x')).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENTS', range: expect.objectContaining({ start: { line: 2, column: 7 } }) }));
});
