import { DockerfileError, OperatorError, type SourceRange } from '@strake/api';
import { formatError } from './format-error';

const range = (from: string, to: string): SourceRange => {
  const position = (text: string) => ({ line: Number(text.split(':')[0]), column: Number(text.split(':')[1]) });
  return { file: 'Dockerfile', start: position(from), end: position(to) };
};

const source = 'FROM scratch\r\nRUN one \\\r\n\ttwo\r\n\r\nCMD x\n';

const cases: readonly (readonly [string, SourceRange, string])[] = [
  ['a piece of a line', range('1:6', '1:13'), 'Dockerfile:1:6: no\n1 | FROM scratch\n  |      ^^^^^^^'],
  ['several lines', range('2:1', '3:5'), 'Dockerfile:2:1: no\n2 | RUN one \\\n  | ^^^^^^^^^\n3 |     two\n  |     ^^^'.replaceAll('    two', '\ttwo').replace('|     ^^^', '| \t^^^')],
  ['an empty place', range('5:1', '5:1'), 'Dockerfile:5:1: no\n5 | CMD x\n  | ^'],
  ['outside of the file', range('90:1', '90:2'), 'Dockerfile:90:1: no'],
];

test.each(cases)('%s', (_name, at, expected) => {
  expect(formatError(new DockerfileError('INVALID_ARGUMENTS', 'no', { range: at }), source)).toBe(expected);
});

test('hint and notes', () => {
  const error = new OperatorError('USAGE', 'no', { hint: 'do', notes: ['one', 'two'] });
  expect(formatError(error)).toBe('no\nhint: do\nnote: one\nnote: two');
});

test('a place without the text', () => {
  expect(formatError(new DockerfileError('INVALID_ARGUMENTS', 'no', { range: range('2:1', '2:4') }))).toBe('Dockerfile:2:1: no');
});

test('colours', () => {
  const text = formatError(new DockerfileError('INVALID_ARGUMENTS', 'no', { range: range('1:1', '1:5'), hint: 'do' }), source, { color: true });
  expect(text.replace(/\u001b\[[0-9;]*m/g, '')).toBe('Dockerfile:1:1: no\n1 | FROM scratch\n  | ^^^^\nhint: do');
  expect(text).toContain('\u001b[1;31mno\u001b[0m');
});

test('long ranges are cut', () => {
  const text = formatError(new DockerfileError('INVALID_ARGUMENTS', 'no', { range: range('1:1', '20:2') }), 'x\n'.repeat(20));
  expect(text.split('\n').filter((line) => /^ *\d+ \|/.test(line))).toHaveLength(8);
  expect(text.endsWith('…')).toBe(true);
});
