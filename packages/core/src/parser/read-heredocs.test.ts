import type { HeredocNode } from '@strake/api';
import { SYNTAX } from '../test-support/dialect';
import { heredocWord, heredocWords } from './heredoc-word';
import { parseDockerfile } from './parse-dockerfile';

const parse = (text: string) => parseDockerfile(text, { file: 'Dockerfile', syntax: SYNTAX });
const plain = { expand: true, chomp: false, fileDescriptor: 0 };

// An instruction and the here-documents that BuildKit finds: name, content, and what is not plain about it.
const cases: readonly (readonly [string, readonly (readonly [string, string, Partial<HeredocNode>?])[]])[] = [
  ['USER <<E', []],
  ['RUN "<<E"', []],
  ["RUN '<<E'", []],
  ['RUN ["<<E"]', []],
  ['ENV a="<<E"', []],
  ['RUN <<E\nE', [['E', '']]],
  ['RUN 3<<E\nE', [['E', '', { fileDescriptor: 3 }]]],
  ['RUN <<E\n\ta\n\t\tb\nE', [['E', '\ta\n\t\tb\n']]],
  ['RUN <<-E\n\ta\n\t\tb\nE', [['E', 'a\nb\n', { chomp: true }]]],
  ['RUN <<-E\n\ta\n\tE', [['E', 'a\n', { chomp: true }]]],
  ['RUN <<E\n\tE\nE', [['E', '\tE\n']]],
  ["RUN <<-'E'\n\t$a\nE", [['E', '$a\n', { chomp: true, expand: false }]]],
  ['RUN <<E\n# no comment\na # no comment\nE', [['E', '# no comment\na # no comment\n']]],
  ['RUN <<E\na \\\nb\nE', [['E', 'a \\\nb\n']]],
  ['RUN --mount=type=cache,target=/x <<E\na\nE', [['E', 'a\n']]],
  ['COPY <<A <<B /to\n1\nA\n2\nB', [['A', '1\n'], ['B', '2\n']]],
  ['COPY <<A <<B /to\nB\nA\nA\nB', [['A', 'B\n'], ['B', 'A\n']]],
  ['RUN <<E python3\na\nE', [['E', 'a\n']]],
  ['RUN a <<E && \\\n  b\n1\nE', [['E', '1\n']]],
  ['COPY <<a.txt /to\na\na.txt', [['a.txt', 'a\n']]],
  ["RUN <<e'o'f\na\neof", [['eof', 'a\n', { expand: false }]]],
  ["RUN <<eo\\'f\na\neo'f", [["eo'f", 'a\n']]],
  ["RUN <<'e'o\\'f\na\neo'f", [["eo'f", 'a\n', { expand: false }]]],
  ["RUN <<'a b'\nx\na b", [['a b', 'x\n', { expand: false }]]],
  ['RUN <<$E\n$E', [['$E', '']]],
  ['RUN <<  E\nE', [['E', '']]],
  ['RUN <<  E  > f\nE', [['E', '']]],
  ['RUN <<- E', []],
  ['RUN << -E\n-E', [['-E', '']]],
  ['ONBUILD COPY <<E /to\na\nE', [['E', 'a\n']]],
  ['ONBUILD CMD <<E', []],
  ['RUN <<E\r\na\r\nE\r', [['E', 'a\r\n']]],
];

test.each(cases)('%j', (text, expected) => {
  const [node] = parse(`${text}\n`).instructions;
  const wanted = expected.map(([name, content, more]) => ({ ...plain, name, content, ...more }));
  expect(node?.heredocs.map(({ name, content, expand, chomp, fileDescriptor }) => ({ name, content, expand, chomp, fileDescriptor }))).toEqual(wanted);
});

test.each(['<<E', "<<'E'", '<<"E"', '<<-E', "<<-'E'", '<<"E"', '<<E""', '<< E', '<<- E'])('%s is one', (word) => {
  expect(heredocWord(word)?.name).toBe('E');
});

test.each(['', 'E', '<<', '<<-', '<E', '<<<E', '<<E sh'])('%j is none', (word) => {
  expect(heredocWord(word)).toBeUndefined();
});

test.each(["<<'E", '<<"E', "<<E'", '<<E"'])('%s has a quote that does not end', (word) => {
  expect(() => heredocWord(word)).toThrow('unexpected end of statement');
});

test.each([
  ['RUN <<A <<-B 4<<C', ['A', 'B', 'C']],
  ["RUN '<<A' \"<<B\"", []],
  ["RUN it's <<A", []],
])('%s', (line, names) => {
  expect(heredocWords(line).map(({ name }) => name)).toEqual(names);
});

test('an unknown keyword has those that end', () => {
  const { instructions } = parse('COWSAY <<A\nmoo\nA\nCOWSAY <<B\nRUN x\n');
  expect(instructions.map(({ keyword, heredocs }) => [keyword, heredocs.map(({ content }) => content)])).toEqual([['COWSAY', ['moo\n']], ['COWSAY', []], ['RUN', []]]);
});

test('one that does not end', () => {
  expect(() => parse('FROM x\nRUN <<A <<B\nA\n')).toThrow(expect.objectContaining({
    code: 'DOCKERFILE_SYNTAX', message: 'unterminated heredoc', hint: 'end it with a line that is exactly B',
    range: expect.objectContaining({ start: { line: 2, column: 1 } }),
  }));
});

test('ranges', () => {
  const [node] = parse('COPY <<A <<B /to\n1\nA\n2\n  B\nB\n').instructions;
  expect(node?.heredocs.map(({ range }) => [range.start, range.end])).toEqual([
    [{ line: 2, column: 1 }, { line: 3, column: 2 }],
    [{ line: 4, column: 1 }, { line: 6, column: 2 }],
  ]);
  expect(node?.range.end).toEqual({ line: 6, column: 2 });
});
