import { gitSource, parseGitReference, printableUrl, urlFileName } from './index';

const parsed = (text: string): unknown => {
  const answer = parseGitReference(text);
  return answer === undefined || 'problem' in answer ? answer : (({ looksLocal, ...rest }) => (looksLocal ? { ...rest, looksLocal } : rest))(answer.reference);
};

test.each<[string, unknown]>([
  ['https://example.org/a/b.git', { scheme: 'https', remote: 'https://example.org/a/b.git' }],
  ['HTTPS://example.org/a/b.git', { scheme: 'https', remote: 'https://example.org/a/b.git' }],
  ['http://example.org/b%2egit#main', { scheme: 'http', remote: 'http://example.org/b%2egit', ref: 'main' }],
  ['https://example.org/b.git#:sub', { scheme: 'https', remote: 'https://example.org/b.git', subdir: 'sub' }],
  ['https://example.org/b.git#a/b:c/../../d', { scheme: 'https', remote: 'https://example.org/b.git', ref: 'a/b', subdir: 'd' }],
  ['https://user:pass@example.org/b.git?ref=v1', { scheme: 'https', remote: 'https://user:pass@example.org/b.git', ref: 'v1' }],
  ['git://example.org/b', { scheme: 'git', remote: 'git://example.org/b' }],
  ['ssh://git@example.org:2222/b', { scheme: 'ssh', remote: 'ssh://git@example.org:2222/b' }],
  ['git@example.org:b.git#v1:x', { scheme: 'ssh', remote: 'git@example.org:b.git', ref: 'v1', subdir: 'x' }],
  ['git@example.org:b.git?tag=v1', { scheme: 'ssh', remote: 'git@example.org:b.git', ref: 'refs/tags/v1' }],
  ['https://e.org/b.git?branch=refs/heads/x&subdir=/y/', { scheme: 'https', remote: 'https://e.org/b.git', ref: 'refs/heads/x', subdir: 'y' }],
  ['https://e.org/b.git?checksum=abc&keep-git-dir&submodules=0&mtime=commit&fetch-by-commit=true', {
    scheme: 'https', remote: 'https://e.org/b.git', checksum: 'abc', keepGitDir: true, submodules: false, mtime: 'commit', fetchByCommit: true,
  }],
  ['github.com/foo/bar', { scheme: 'https', remote: 'https://github.com/foo/bar', looksLocal: true }],
  ['https://example.org/a', undefined],
  ['https://example.org/a.git/b', undefined],
  ['https://example.org/a?x=.git', undefined],
  ['./github.com/foo', undefined],
  ['dir/file', undefined],
  ['a@b', undefined],
  ['ext://sh', undefined],
  ['file:///etc/b.git', undefined],
  ['git@-oProxyCommand:b', { problem: 'its host begins with a dash' }],
  ['ssh://-oProxyCommand=x/b', { problem: 'its host begins with a dash' }],
  ['https://e.org/b.git?x=1', { problem: 'unexpected query "x"' }],
  ['https://e.org/b.git?ref=', { problem: 'query "ref" has no value' }],
  ['https://e.org/b.git?ref=a&ref=b', { problem: 'query "ref" has multiple values' }],
  ['https://e.org/b.git?ref=a#b', { problem: 'ref conflicts: "b" vs "a"' }],
  ['https://e.org/b.git?subdir=a#:b', { problem: 'subdir conflicts: "b" vs "a"' }],
  ['https://e.org/b.git?tag=a&branch=b', { problem: 'branch conflicts with tag' }],
  ['https://e.org/b.git?keep-git-dir=maybe', { problem: 'invalid keep-git-dir value: "maybe"' }],
  ['https://e.org/b.git?mtime=now', { problem: 'invalid mtime value: "now" (must be "checkout" or "commit")' }],
])('%s', (text, expected) => expect(parsed(text)).toEqual(expected));

test('an op tells only what differs from the default', () => {
  const op = (text: string): unknown => (({ reference }) => gitSource(reference))(parseGitReference(text) as { reference: Parameters<typeof gitSource>[0] });
  expect(op('https://e.org/b.git?keep-git-dir=0&submodules=1&mtime=checkout')).toEqual({ scheme: 'git', reference: 'https://e.org/b.git', attributes: {} });
  expect(op('https://e.org/b.git?submodules=0#v1:d')).toEqual({ scheme: 'git', reference: 'https://e.org/b.git', attributes: { ref: 'v1', subdir: 'd', submodules: 'false' } });
});

test.each([
  ['https://e.org/a/b.txt?x=/y#z', 'b.txt'],
  ['https://e.org/a/', 'a'],
  ['https://e.org', '__unnamed__'],
  ['https://e.org/?file=x', '__unnamed__'],
  ['https://e.org/a%20b', 'a b'],
  ['https://e.org/a%2Fb', 'b'],
  ['https://e.org/x/%2e%2e', 'download'],
  ['https://e.org/%00', 'download'],
  ['https://e.org/100%', '100%'],
])('the file of %s is %s', (url, name) => expect(urlFileName(url)).toBe(name));

test.each([
  ['https://me:secret@e.org/a:b@c', 'https://xxxxx:xxxxx@e.org/a:b@c'],
  ['https://token@e.org/a', 'https://xxxxx@e.org/a'],
  ['HTTP://token:x-oauth-basic@e.org', 'HTTP://xxxxx:xxxxx@e.org'],
  ['https://me:p@ss@e.org/a', 'https://xxxxx:xxxxx@e.org/a'],
  ['ssh://git@e.org/a', 'ssh://git@e.org/a'],
  ['ssh://git:secret@e.org/a', 'ssh://git:xxxxx@e.org/a'],
  ['git@e.org:a/b', 'git@e.org:a/b'],
  ["fatal: unable to access 'https://me:secret@e.org/a/': no", "fatal: unable to access 'https://xxxxx:xxxxx@e.org/a/': no"],
  ['https://e.org/a', 'https://e.org/a'],
])('what lets somebody in is not shown: %s', (text, expected) => expect(printableUrl(text)).toBe(expected));
