import { SYNTAX } from '../test-support/dialect';
import { parseDockerfile } from './parse-dockerfile';

const parse = (text: string) => parseDockerfile(text, { file: 'Dockerfile', syntax: SYNTAX });
const LONGEST = 65535;

test.each([
  ['a comment in a continuation', 'RUN a \\\n# b\n  c', 'RUN a   c'],
  ['an indented comment in a continuation', 'RUN a \\\n  # b\n c', 'RUN a  c'],
  ['blanks after the escape character', 'RUN a \\  \t\n b', 'RUN a  b'],
  ['an escaped escape character', 'RUN a \\\\\nRUN b', 'RUN a \\\\'],
  ['an escape character at the end of the file', 'RUN a \\', 'RUN a '],
  ['the escape directive', '# escape=`\nRUN a `\n b \\', 'RUN a  b \\'],
  ['line ends of Windows', 'RUN a \\\r\n b\r\n', 'RUN a  b'],
  ['blanks before the keyword', ' \t RUN a', 'RUN a'],
])('%s', (_name, text, original) => {
  expect(parse(text).instructions[0]?.original).toBe(original);
});

test('empty continuation lines', () => {
  const { warnings, instructions } = parse('FROM a\nRUN b \\\n\n  c \\\n\n  d\nRUN e \\\n\n f\n');
  expect(instructions.map(({ original }) => original)).toEqual(['FROM a', 'RUN b   c   d', 'RUN e  f']);
  expect(warnings.map(({ code, message, range }) => [code, message, range?.start.line])).toEqual([
    ['NoEmptyContinuation', 'Empty continuation line found in: RUN b   c   d', 3],
    ['NoEmptyContinuation', 'Empty continuation line found in: RUN e  f', 8],
  ]);
});

test.each([
  ['--a', [['a', undefined]], ''],
  ['--a=b --c="d e" f', [['a', 'b'], ['c', 'd e']], 'f'],
  ["--a='b c'd e", [['a', 'b cd']], 'e'],
  ['--a=b\\ c d', [['a', 'b c']], 'd'],
  ['--a -- --b', [['a', undefined]], '--b'],
  ['-a --b', [], '-a --b'],
  ['a --b', [], 'a --b'],
  ['--a=', [['a', '']], ''],
])('flags of RUN %s', (text, flags, rest) => {
  const [node] = parse(`RUN ${text}`).instructions;
  expect(node?.flags.map(({ name, value }) => [name, value])).toEqual(flags);
  expect(node?.text).toBe(rest);
});

describe('the longest line', () => {
  const label = (length: number): string => `LABEL a=${'x'.repeat(length - 8)}`;

  test.each(['\n', ''])('is taken (end %j)', (end) => {
    expect(parse(label(LONGEST) + end).instructions[0]?.original).toHaveLength(LONGEST);
  });

  test('and one more byte is refused', () => {
    expect(() => parse(`FROM a\n${label(LONGEST + 1)}\n`)).toThrow(expect.objectContaining({
      code: 'DOCKERFILE_SYNTAX', message: 'dockerfile line greater than max allowed size of 65535',
      range: { file: 'Dockerfile', start: { line: 2, column: 1 }, end: { line: 2, column: LONGEST + 2 } },
    }));
  });

  test('counts bytes', () => {
    expect(() => parse(`LABEL a=${'ü'.repeat(LONGEST / 2)}`)).toThrow('greater than max allowed size');
  });

  test('holds in here-documents', () => {
    expect(() => parse(`RUN <<E\n${'x'.repeat(LONGEST + 1)}\nE\n`)).toThrow(expect.objectContaining({ range: expect.objectContaining({ start: { line: 2, column: 1 } }) }));
  });

  test('is one line, not what lines are joined to', () => {
    expect(parse(`${label(LONGEST - 2)} \\\n${'y'.repeat(LONGEST)}`).instructions[0]?.original.length).toBeGreaterThan(LONGEST);
  });
});

test.each([
  ['', 'file with no instructions: it is empty', 1],
  ['# only\n# comments\n', 'file with no instructions', 2],
])('%j', (text, message, line) => {
  expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'DOCKERFILE_SYNTAX', message, range: expect.objectContaining({ start: { line, column: 1 } }) }));
});

test('comments above an instruction', () => {
  const { instructions } = parse('# one\n#two\n\nFROM a\n# three\n#\n# four\nRUN b');
  expect(instructions.map(({ comments }) => comments)).toEqual([['one', 'two'], ['four']]);
});

test('it survives JSON', () => {
  const file = parse('# escape=`\nFROM a\nRUN <<E b `\n c\nd\nE\nCMD ["a"]');
  expect(JSON.parse(JSON.stringify(file))).toEqual(file);
});
