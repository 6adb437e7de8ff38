import { BadPatternError, cleanPath, goMatch, hasWildcard } from '.';

test.each([
  ['abc', 'abc', true], ['*', 'abc', true], ['*c', 'abc', true], ['a*', 'a', true], ['a*', 'abc', true], ['a*', 'ab/c', false],
  ['a*/b', 'abc/b', true], ['a*/b', 'a/c/b', false], ['a*b*c*d*e*/f', 'axbxcxdxe/f', true], ['a*b*c*d*e*/f', 'axbxcxdxexxx/f', true],
  ['a*b*c*d*e*/f', 'axbxcxdxe/xxx/f', false], ['a*b*c*d*e*/f', 'axbxcxdxexxx/fff', false], ['a*b?c*x', 'abxbbxdbxebxczzx', true],
  ['a*b?c*x', 'abxbbxdbxebxczzy', false], ['ab[c]', 'abc', true], ['ab[b-d]', 'abc', true], ['ab[e-g]', 'abc', false],
  ['ab[^c]', 'abc', false], ['ab[^b-d]', 'abc', false], ['ab[^e-g]', 'abc', true], ['a\\*b', 'a*b', true], ['a\\*b', 'ab', false],
  ['a?b', 'a☺b', true], ['a[^a]b', 'a☺b', true], ['a???b', 'a☺b', false], ['a[^a][^a][^a]b', 'a☺b', false], ['[a-ζ]*', 'α', true],
  ['*[a-ζ]', 'A', false], ['a?b', 'a/b', false], ['a*b', 'a/b', false], ['[\\]a]', ']', true], ['[\\-]', '-', true],
  ['[x\\-]', 'x', true], ['[x\\-]', '-', true], ['[x\\-]', 'z', false], ['[\\-x]', 'x', true], ['[\\-x]', '-', true],
  ['[\\-x]', 'a', false], ['*x', 'xxx', true], ['', '', true], ['', 'a', false], ['**', 'a/b', false], ['a😀?', 'a😀b', true],
])('%j against %j: %j', (pattern, name, expected) => {
  expect(goMatch(pattern, name)).toBe(expected);
});

test.each(['[]a]', '[-]', '[x-]', '[-x]', '\\', '[a-b-c]', '[', '[^', '[^bc', 'a[', 'zz[', 'a/b[', 'x\\'])('%j is malformed whatever the name', (pattern) => {
  for (const name of ['a', '', ']', 'ab']) expect(() => goMatch(pattern, name)).toThrow(BadPatternError);
});

test.each([
  ['', '.'], ['abc', 'abc'], ['abc/def', 'abc/def'], ['.', '.'], ['..', '..'], ['../../abc', '../../abc'], ['/', '/'], ['abc/', 'abc'],
  ['/abc/', '/abc'], ['abc//def//ghi', 'abc/def/ghi'], ['//abc//', '/abc'], ['./abc', 'abc'], ['abc/./def', 'abc/def'],
  ['abc/def/ghi/../jkl', 'abc/def/jkl'], ['abc/..', '.'], ['abc/../..', '..'], ['/abc/../..', '/'], ['abc/../../././../def', '../../def'],
])('%j is cleaned to %j', (path, expected) => {
  expect(cleanPath(path)).toBe(expected);
});

test.each([['a', false], ['a*', true], ['a\\*', false], ['a\\\\*', true], ['[', true], ['a?', true], ['', false]])('%j has a wildcard: %j', (path, expected) => {
  expect(hasWildcard(path)).toBe(expected);
});
