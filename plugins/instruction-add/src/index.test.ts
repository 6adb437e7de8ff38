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
    { text: 'ADD https://example.org/a /', message: 'ADD of URLs and git repositories is not supported yet', at: '1:5' },
    { text: 'ADD a git@example.org:x/y.git /to/', message: 'ADD of URLs and git repositories is not supported yet', at: '1:7' },
    { text: 'ADD --chmod=9 a b', message: "invalid chmod parameter: '9'. it should be octal string and between 0 and 07777", at: '1:5', code: 'INVALID_FLAG' },
    { text: 'ADD --parents a b', message: 'unknown flag: --parents', at: '1:5', code: 'UNKNOWN_FLAG' },
    { text: 'ADD --link --chown=app a b', message: 'invalid user index: "app" cannot be looked up for a layer that does not depend on those below it', at: '1:12' },
    { text: 'ADD --checksum=sha256:0 a b', message: 'ADD --checksum is not supported yet', at: '1:5', code: 'UNSUPPORTED', hint: 'it asks for checked downloads' },
    { text: 'ADD a', message: 'ADD requires at least two arguments, but only one was provided. Destination could not be determined', at: '1:5' },
  ],
}, test);
