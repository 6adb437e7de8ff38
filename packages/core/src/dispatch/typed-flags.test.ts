import type { AnyInstructionDefinition, FlagNode } from '@strake/api';
import { typedFlags } from './typed-flags';

const range = { file: 'Dockerfile', start: { line: 1, column: 1 }, end: { line: 1, column: 2 } };
const flag = (name: string, value?: string): FlagNode => ({ name, ...(value === undefined ? {} : { value }), raw: `--${name}`, range });
const definition: AnyInstructionDefinition = {
  keyword: 'X', summary: 'x', args: { kind: 'none' }, lower: () => ({}),
  flags: { times: { type: 'integer', summary: 't', expand: 'word', check: (value) => (Number(value) > 0 ? undefined : 'at least once') }, name: { type: 'string', summary: 'n', expand: 'word', check: (value) => (value === 'bad' ? 'a bad name' : undefined) } },
};

test('a number is one before its check is asked', () => {
  expect(() => typedFlags([flag('times', 'x')], definition, undefined)).toThrow('invalid number "x" for --times');
  expect(() => typedFlags([flag('times', '0')], definition, undefined)).toThrow('at least once');
  expect(typedFlags([flag('times', '3')], definition, undefined)).toEqual({ times: 3 });
});

test('what variables are yet to be put into is not judged, and a number is not known', () => {
  expect(typedFlags([flag('times', '$N'), flag('name', '$N')], definition, undefined)).toEqual({ name: '$N' });
  expect(typedFlags([flag('times', '$N')], definition, () => '4')).toEqual({ times: 4 });
  expect(() => typedFlags([flag('times', '$N')], definition, () => 'x')).toThrow('invalid number "x" for --times');
  expect(() => typedFlags([flag('name', '$N')], definition, () => 'bad')).toThrow('a bad name');
  expect(() => typedFlags([flag('times', '$N'), flag('times', '$N')], definition, undefined)).toThrow('duplicate flag specified: --times');
});
