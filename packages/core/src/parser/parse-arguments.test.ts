import type { Grammar } from '@strake/api';
import { parseArguments } from './parse-arguments';
import { parseDockerfile } from './parse-dockerfile';
import { splitQuoted } from './split-words';

const parse = (text: string, grammar: Grammar) => {
  const { instructions: [node], escape } = parseDockerfile(text, { file: 'Dockerfile' });
  if (node === undefined) throw new Error('no instruction');
  return parseArguments(node, grammar, escape);
};

const refused: readonly (readonly [string, Grammar, string, number, number])[] = [
  ['WORKDIR', { kind: 'raw' }, 'WORKDIR requires exactly one argument', 1, 1],
  ['EXPOSE', { kind: 'words', min: 1 }, 'EXPOSE requires at least one argument', 1, 1],
  ['A b', { kind: 'words', min: 3, max: 3 }, 'A requires exactly three arguments', 1, 3],
  ['A b c d', { kind: 'words', max: 2 }, 'A takes at most two arguments', 1, 3],
  ['A b', { kind: 'none' }, 'A takes no arguments', 1, 3],
  ['SHELL', { kind: 'json', min: 1 }, 'SHELL requires at least one argument', 1, 1],
  ['SHELL []', { kind: 'json', min: 1 }, 'SHELL requires at least one argument', 1, 7],
  ['SHELL sh', { kind: 'json' }, 'SHELL requires the arguments to be in JSON form', 1, 7],
  ['CMD [1]', { kind: 'program' }, 'when using JSON array syntax, arrays must be comprised of strings only', 1, 5],
  ['RUN', { kind: 'program' }, 'RUN requires at least one argument', 1, 1],
  ['ENV', { kind: 'pairs', legacy: true }, 'ENV requires at least one argument', 1, 1],
  ['ENV a', { kind: 'pairs', legacy: true }, 'ENV must have two arguments', 1, 5],
  ['ENV =b', { kind: 'pairs', legacy: true }, 'ENV names can not be blank', 1, 5],
  ['ENV a=b \\\n  c d=e', { kind: 'pairs', legacy: true }, 'Syntax error - can\'t find = in "c". Must be of the form: name=value', 2, 3],
  ['COPY a', { kind: 'sources' }, 'COPY requires at least two arguments, but only one was provided. Destination could not be determined', 1, 6],
  ['COPY \t\n', { kind: 'sources' }, 'COPY requires at least two arguments, but only one was provided. Destination could not be determined', 1, 1],
  ['COPY a <<E\nE', { kind: 'sources', heredoc: true }, 'COPY cannot accept a heredoc as a destination', 1, 8],
  ['HEALTHCHECK', { kind: 'choice', choices: ['CMD'] }, 'HEALTHCHECK requires at least one argument', 1, 1],
  ['HEALTHCHECK no x', { kind: 'choice', choices: ['CMD'] }, 'Unknown type "NO" in HEALTHCHECK (try CMD)', 1, 13],
  ['ONBUILD', { kind: 'sub-instruction' }, 'ONBUILD requires at least one argument', 1, 1],
  ['ONBUILD onbuild RUN x', { kind: 'sub-instruction' }, "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed", 1, 9],
  ['ONBUILD FROM x', { kind: 'sub-instruction', refuse: ['FROM'] }, "FROM isn't allowed as an ONBUILD trigger", 1, 9],
];

test.each(refused)('%j is refused', (text, grammar, message, line, column) => {
  expect(() => parse(text, grammar)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENTS', message, range: expect.objectContaining({ start: { line, column } }) }));
});

test.each([
  ['ENV a b  c', [{ name: 'a', value: 'b  c', legacy: true }]],
  ['ENV a=b c=d', [{ name: 'a', value: 'b', legacy: false }, { name: 'c', value: 'd', legacy: false }]],
  ['ENV a="b c" d=\'e f\' g=h\\ i', [{ name: 'a', value: '"b c"' }, { name: 'd', value: "'e f'" }, { name: 'g', value: 'h\\ i' }]],
  ['ENV a=', [{ name: 'a', value: '' }]],
  ['ENV a=b=c', [{ name: 'a', value: 'b=c' }]],
])('%s', (text, pairs) => {
  expect(parse(text, { kind: 'pairs', legacy: true })).toMatchObject({ kind: 'pairs', pairs });
});

test.each([
  ['a', ['a']],
  ['a  b', ['a', 'b']],
  ['a\\ b', ['a\\ b']],
  ["a 'b c'", ['a', "'b c'"]],
  ['a "b c"', ['a', '"b c"']],
  ['a "b \\" c" d', ['a', '"b \\" c"', 'd']],
  ["a 'b \\' c", ['a', "'b \\'", 'c']],
  ['àö "üñ x"', ['àö', '"üñ x"']],
  ['a \\', ['a']],
])('words of %j', (text, expected) => {
  expect(splitQuoted(text, '\\').map((word) => word.text)).toEqual(expected);
});
