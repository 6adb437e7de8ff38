import { Ignore } from '.';

const wheel = 'dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl';

test.each([
  ['**', 'file', true], ['**', 'file/', true], ['**/', 'file', true], ['**', 'dir/file', true], ['**/', 'dir/file/', true],
  ['**/**', 'dir/file', true], ['dir/**', 'dir/file', true], ['dir/**', 'dir/dir2/file/', true], ['**/dir', 'dir', true],
  ['**/dir', 'dir/file', true], ['**/dir2/*', 'dir/dir2/file', true], ['**/dir2/**', 'dir/dir2/dir3/file', true], ['**file', 'file', true],
  ['**file', 'dir/file', true], ['**/file', 'dir/file', true], ['**file', 'dir/dir/file', true], ['**/file', 'dir/dir/file', true],
  ['**/file*', 'dir/dir/file', true], ['**/file*', 'dir/dir/file.txt', true], ['**/file*txt', 'dir/dir/file.txt', true],
  ['**/file*.txt', 'dir/dir/file.txt', true], ['**/file*.txt*', 'dir/dir/file.txt', true], ['**/**/*.txt', 'dir/dir/file.txt', true],
  ['**/**/*.txt2', 'dir/dir/file.txt', false], ['**/*.txt', 'file.txt', true], ['**/**/*.txt', 'file.txt', true], ['a**/*.txt', 'a/file.txt', true],
  ['a**/*.txt', 'a/dir/file.txt', true], ['a**/*.txt', 'a/dir/dir/file.txt', true], ['a/*.txt', 'a/dir/file.txt', false], ['a/*.txt', 'a/file.txt', true],
  ['a/*.txt**', 'a/file.txt', true], ['a[b-d]e', 'ae', false], ['a[b-d]e', 'ace', true], ['a[b-d]e', 'aae', false], ['a[^b-d]e', 'aze', true],
  ['.*', '.foo', true], ['.*', 'foo', false], ['abc.def', 'abcdef', false], ['abc.def', 'abc.def', true], ['abc.def', 'abcZdef', false],
  ['abc?def', 'abcZdef', true], ['abc?def', 'abcdef', false], ['a\\\\', 'a\\', true], ['a\\*b', 'a*b', true], ['**/foo/bar', 'foo/bar', true],
  ['**/foo/bar', 'dir/foo/bar', true], ['**/foo/bar', 'dir/dir2/foo/bar', true], ['abc/**', 'abc', false], ['abc/**', 'abc/def', true],
  ['abc/**', 'abc/def/ghi', true], ['**/.foo', '.foo', true], ['**/.foo', 'bar.foo', false], ['a(b)c/def', 'a(b)c/def', true],
  ['a(b)c/def', 'a(b)c/xyz', false], ['a.|)$(}+{bc', 'a.|)$(}+{bc', true], [wheel, wheel, true], ['dist/*.whl', wheel, true],
  ['/docs', 'docs/a', true], ['docs/', 'docs/a', true], ['*', 'a/b', true], ['!docs', 'docs', false],
  ['docs\n!docs/README.md', 'docs/README.md', false], ['docs/*\n!docs/README.md', 'docs/README.md', false], ['!fileutils.go\n*.go', 'fileutils.go', true],
  ['**\n!util/docker/web', 'util/docker/web/foo', false], ['**\n!util/docker/web\nutil/docker/web/foo', 'util/docker/web/foo', true],
  [`**\n!dist/*.whl`, wheel, false], ['# a\n\n  a  \r\n', 'a', true], ['#a', '#a', false], ['\ufeffa', 'a', true], ['! a\nb', 'a', false],
])('%j ignores %j: %j', (text, path, expected) => {
  expect(new Ignore(text, '.dockerignore').match(path).ignored).toBe(expected);
});

test('the rule that decides is named with its line', () => {
  const ignore = new Ignore('# build output\nout\n!out/keep\n', 'app.dockerignore');
  expect(ignore.match('out/a')).toEqual({ ignored: true, rule: expect.objectContaining({ pattern: 'out', line: 2, file: 'app.dockerignore' }) });
  expect(ignore.match('out/keep/b')).toMatchObject({ ignored: false, rule: { pattern: '!out/keep', line: 3 } });
});

test.each(['a\n!', 'a\n[', 'a\n\\', 'a\n[z-a]', 'a\n![Local-Only]/'])('%j is malformed, with its place', (text) => {
  expect(() => new Ignore(text, '.dockerignore')).toThrow(
    expect.objectContaining({ code: 'CONTEXT_INVALID', message: expect.stringContaining('.dockerignore:2: ') }),
  );
});

test.each([
  ['*\n!src', 'src', false], ['*\n!src/a', 'src', true], ['*\n!src/a', 'lib', false], ['*\n!**/a', 'lib/b', true], ['*\n!*/a', 'lib', true], ['*\n!*/a', 'lib/b', false],
])('%j may show something below %j: %j', (text, directory, expected) => {
  expect(new Ignore(text, '.dockerignore').mayShowBelow(directory)).toBe(expected);
});
