import { instructionTest } from '@strake/testing';
import { add } from './index';

instructionTest(add, {
  lowers: [
    {
      text: 'ADD rootfs.tar.gz /',
      expected: { ops: [{ type: 'copy', from: { kind: 'context' }, sources: ['rootfs.tar.gz'], destination: '/', unpack: true }], history: 'ADD rootfs.tar.gz /' },
    },
    {
      name: 'flags, several sources, a working directory',
      text: 'ADD --chown=$who --chmod=0755 a /b dir/',
      stage: { workdir: '/srv', env: ['who=app'] },
      expected: {
        ops: [{ type: 'copy', from: { kind: 'context' }, sources: ['a', 'b'], destination: '/srv/dir/', chown: 'app', chmod: '0755', unpack: true }],
        history: 'ADD --chown=app --chmod=0755 a /b dir/',
      },
    },
    {
      name: 'a URL',
      text: 'ADD https://example.org/a%20b?x=1 /to/',
      expected: {
        ops: [{ type: 'copy', from: { kind: 'source', scheme: 'http', reference: 'https://example.org/a%20b?x=1', attributes: { filename: 'a b' } }, sources: ['a b'], destination: '/to/' }],
        history: 'ADD https://example.org/a%20b?x=1 /to/',
      },
    },
    {
      name: 'a URL with all flags, its name no pattern',
      text: 'ADD --checksum=$sum --chown=1:1 --chmod=644 --unpack https://example.org/[a] /',
      stage: { env: ['sum=sha256:0'] },
      expected: {
        ops: [{
          type: 'copy', from: { kind: 'source', scheme: 'http', reference: 'https://example.org/[a]', attributes: { filename: '[a]', checksum: 'sha256:0' } },
          sources: ['[[]a]'], destination: '/', chown: '1:1', chmod: '644', unpack: true,
        }],
        history: 'ADD --chown=1:1 --chmod=644 https://example.org/[a] /',
      },
    },
    {
      name: 'a repository',
      text: 'ADD --keep-git-dir --checksum=ab12 git@example.org:a/b.git#v1:docs /src',
      expected: {
        ops: [{ type: 'copy', from: { kind: 'source', scheme: 'git', reference: 'git@example.org:a/b.git', attributes: { ref: 'v1', subdir: 'docs', checksum: 'ab12', 'keep-git-dir': 'true' } }, sources: ['.'], destination: '/src' }],
        history: 'ADD git@example.org:a/b.git#v1:docs /src',
      },
    },
    {
      name: 'sources of all kinds, in their order',
      text: 'ADD a b https://e.org/x c git://e.org/r <<E /to/\nhi\nE',
      expected: {
        ops: [
          { type: 'copy', from: { kind: 'context' }, sources: ['a', 'b'], destination: '/to/', unpack: true },
          { type: 'copy', from: { kind: 'source', scheme: 'http', reference: 'https://e.org/x', attributes: { filename: 'x' } }, sources: ['x'], destination: '/to/' },
          { type: 'copy', from: { kind: 'context' }, sources: ['c'], destination: '/to/', unpack: true },
          { type: 'copy', from: { kind: 'source', scheme: 'git', reference: 'git://e.org/r', attributes: {} }, sources: ['.'], destination: '/to/' },
          { type: 'mkfile', path: '/to/E', content: 'hi\n', mode: 0o644 },
        ],
        history: 'ADD a b https://e.org/x c git://e.org/r <<E /to/',
      },
    },
    { text: 'ADD --unpack=false a.tar /', expected: { ops: [{ type: 'copy', from: { kind: 'context' }, sources: ['a.tar'], destination: '/' }], history: 'ADD a.tar /' } },
    {
      name: 'what only a build context calls a repository is a path',
      text: 'ADD github.com/a/b /',
      expected: { ops: [{ type: 'copy', from: { kind: 'context' }, sources: ['github.com/a/b'], destination: '/', unpack: true }], history: 'ADD github.com/a/b /' },
    },
    {
      name: 'archives that stay as they are, in a layer of their own, without some files',
      text: 'ADD --unpack=false --link --exclude=*.md a.tar d /to/',
      expected: { ops: [{ type: 'copy', from: { kind: 'context' }, sources: ['a.tar', 'd'], destination: '/to/', exclude: ['*.md'] }], link: true, history: 'ADD a.tar d /to/' },
    },
    {
      text: 'ADD --unpack --chmod=u=rw a.tar /',
      expected: { ops: [{ type: 'copy', from: { kind: 'context' }, sources: ['a.tar'], destination: '/', chmod: 'u=rw', unpack: true }], history: 'ADD --chmod=u=rw a.tar /' },
    },
    {
      name: 'a here-document',
      text: 'ADD <<note /etc/\nhi\nnote',
      expected: { ops: [{ type: 'mkfile', path: '/etc/note', content: 'hi\n', mode: 0o644 }], history: 'ADD <<note /etc/' },
    },
  ],
  refuses: [
    { text: 'ADD --checksum=sha256:0 a b', message: 'checksum requires HTTP(S) or Git sources', at: '1:5' },
    { text: 'ADD --checksum=sha256:0 https://e.org/a https://e.org/b c/', message: "checksum can't be specified for multiple sources", at: '1:5' },
    { text: 'ADD --checksum=ab https://e.org/a.git?checksum=cd /', message: 'checksum mismatch "ab" != "cd"', at: '1:5' },
    { text: 'ADD --keep-git-dir=false https://e.org/a.git?keep-git-dir=1 /', message: 'inconsistent keep-git-dir configuration', at: '1:5' },
    { text: 'ADD a https://e.org/a.git?rev=1 /', message: 'invalid git reference: unexpected query "rev"', at: '1:7' },
    { text: 'ADD git@-oProxyCommand:x /', message: 'invalid git reference: its host begins with a dash', at: '1:5' },
    { text: 'ADD --chmod=9 a b', message: "invalid chmod parameter: '9'. it should be octal string and between 0 and 07777", at: '1:5', code: 'INVALID_FLAG' },
    { text: 'ADD --parents a b', message: 'unknown flag: --parents', at: '1:5', code: 'UNKNOWN_FLAG' },
    { text: 'ADD --link --chown=app a b', message: 'invalid user index: "app" cannot be looked up for a layer that does not depend on those below it', at: '1:12' },
    { text: 'ADD a', message: 'ADD requires at least two arguments, but only one was provided. Destination could not be determined', at: '1:5' },
  ],
}, test);
