import { parseDockerfile } from './parse-dockerfile';

const directives = (text: string, more: readonly string[] = []) =>
  parseDockerfile(`${text}\nFROM x\n`, { file: 'Dockerfile', directives: more }).directives.map(({ key, value, range }) => [key, value, range.start.line]);

const cases: readonly (readonly [string, string, readonly (readonly [string, string, number])[]])[] = [
  ['one', '#escape=\\', [['escape', '\\', 1]]],
  ['blanks', '  #  syntax  =  a:b c  ', [['syntax', 'a:b c', 1]]],
  ['case of keys', '# EScape=`\n# CHECK=skip=all', [['escape', '`', 1], ['check', 'skip=all', 2]]],
  ['an unknown key ends them', '# key=x\n# escape=`', []],
  ['a comment ends them', '# hello\n# escape=`', []],
  ['an empty line ends them', '\n# escape=`', []],
  ['a shebang does not', '#!/usr/bin/env strake\n# syntax=a', [['syntax', 'a', 2]]],
  ['a shebang and an empty line do', '#!/bin/sh\n\n# syntax=a', []],
  ['a second shebang does', '# syntax=a\n#!/bin/sh\n# escape=`', [['syntax', 'a', 1]]],
  ['no value', '# syntax=\n# escape=`', []],
  ['a byte order mark', '\ufeff# syntax=a', [['syntax', 'a', 1]]],
  ['line ends of Windows', '# syntax=a\r\n# escape=`\r', [['syntax', 'a', 1], ['escape', '`', 2]]],
];

test.each(cases)('%s', (_name, text, expected) => {
  expect(directives(text)).toEqual(expected);
});

test('keys of plugins', () => {
  expect(directives('# Include=a\n# syntax=b', ['include'])).toEqual([['include', 'a', 1], ['syntax', 'b', 2]]);
});

test.each([
  ['# escape=x', "invalid escape token 'x' does not match ` or \\", 1, 1],
  ['# escape=``', "invalid escape token '``' does not match ` or \\", 1, 1],
  ['# escape=`\n  # escape=`', 'only one escape parser directive can be used', 2, 3],
  ['# syntax=a\n# Syntax=b', 'only one syntax parser directive can be used', 2, 1],
])('%j', (text, message, line, column) => {
  expect(() => directives(text)).toThrow(expect.objectContaining({ code: 'DOCKERFILE_SYNTAX', message, range: expect.objectContaining({ start: { line, column } }) }));
});

describe('comments that look like directives', () => {
  const warnings = (text: string) => parseDockerfile(text, { file: 'Dockerfile', directives: ['registry'] }).warnings.map(({ code, message, hint, range }) => [code, message, hint, range?.start.line]);

  test.each([
    ['# syntx=docker/dockerfile:1\nFROM scratch', [['IgnoredDirective', 'there is no directive syntx', 'did you mean syntax?', 1]]],
    ['# a comment\n# escape=`\nFROM scratch', [['IgnoredDirective', 'escape is no directive here', 'directives come first: nothing else may stand above them', 2]]],
    ['\n# Registry=x\nFROM scratch', [['IgnoredDirective', 'registry is no directive here', 'directives come first: nothing else may stand above them', 2]]],
    ['#!/bin/x\n# escape=`\nFROM scratch', [['IgnoredDirective', 'escape has no effect below a #! line', 'remove the first line, or do without the directive', 2]]],
    ['# version = 1\n# https://example.test/?a=b\n# registry\nFROM scratch', []],
    ['FROM scratch\n# escape=`\nRUN x', []],
  ])('%j', (text, expected) => expect(warnings(text)).toEqual(expected));
});
