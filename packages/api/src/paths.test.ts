import { cleanSource, resolveDestination, resolvePath } from './paths';

test.each([
  ['/', 'a', '/a'],
  ['/srv', 'a/./b/', '/srv/a/b'],
  ['/srv', '../../..', '/'],
  ['/srv', '/a//b', '/a/b'],
  ['/srv', '', '/srv'],
])('resolvePath %s %s', (directory, path, expected) => {
  expect(resolvePath(directory, path)).toBe(expected);
});

test.each([
  ['/srv', 'a', '/srv/a'],
  ['/srv', 'a/', '/srv/a/'],
  ['/srv', '.', '/srv/'],
  ['/srv', 'a/.', '/srv/a/'],
  ['/srv', 'a/..', '/srv'],
  ['/srv', '/', '/'],
  ['/', '.', '/'],
  ['/', './', '/'],
])('resolveDestination %s %s', (workdir, written, expected) => {
  expect(resolveDestination(workdir, written)).toBe(expected);
});

test.each([
  ['a', 'a'],
  ['/a/', 'a'],
  ['./a/../b', 'b'],
  ['../../etc/passwd', 'etc/passwd'],
  ['/', '.'],
  ['.', '.'],
  ['*.[ch]', '*.[ch]'],
])('cleanSource %s', (written, expected) => {
  expect(cleanSource(written)).toBe(expected);
});
