import { instructionTest } from '@strake/testing';
import { copy } from './index';

instructionTest(copy, {
  lowers: [
    { text: 'COPY a b', expected: { ops: [{ type: 'copy', from: { kind: 'context' }, sources: ['a'], destination: '/b' }], history: 'COPY a b' } },
    {
      text: 'COPY --from=build --chown=1:1 --chmod=755 /out/* .',
      stage: { workdir: '/srv' },
      expected: {
        ops: [{ type: 'copy', from: { kind: 'named', name: 'build' }, sources: ['out/*'], destination: '/srv/', chown: '1:1', chmod: '755' }],
        history: 'COPY --chown=1:1 --chmod=755 /out/* .',
      },
    },
    {
      name: 'sources do not leave the context',
      text: 'COPY ../../a ./b/../c . /to/',
      expected: { ops: [{ type: 'copy', from: { kind: 'context' }, sources: ['a', 'c', '.'], destination: '/to/' }], history: 'COPY ../../a ./b/../c . /to/' },
    },
    {
      name: 'JSON form and variables',
      text: 'COPY ["$name b", "/to here/"]',
      stage: { env: ['name=a'] },
      expected: { ops: [{ type: 'copy', from: { kind: 'context' }, sources: ['a b'], destination: '/to here/' }], history: 'COPY a b /to here/' },
    },
    {
      name: 'here-documents and a file',
      text: 'COPY --chmod=600 --chown=app <<one <<"two" c /to/\n$x\none\n$x\ntwo',
      stage: { env: ['x=1'] },
      expected: {
        ops: [
          { type: 'copy', from: { kind: 'context' }, sources: ['c'], destination: '/to/', chown: 'app', chmod: '600' },
          { type: 'mkfile', path: '/to/one', content: '1\n', mode: 0o600, parentMode: 0o600, owner: 'app' },
          { type: 'mkfile', path: '/to/two', content: '$x\n', mode: 0o600, parentMode: 0o600, owner: 'app' },
        ],
        history: 'COPY --chown=app --chmod=600 c <<one <<two /to/',
      },
    },
    {
      name: 'a here-document with a name of its own',
      text: 'COPY <<E /etc/motd\nhi\nE',
      expected: { ops: [{ type: 'mkfile', path: '/etc/motd', content: 'hi\n', mode: 0o644 }], history: 'COPY <<E /etc/motd' },
    },
  ],
  refuses: [
    { text: 'COPY a https://example.org/b /to/', message: "source can't be a URL for COPY", at: '1:8' },
    { text: 'COPY git@example.org:a/b.git /to', message: "source can't be a git ref for COPY", at: '1:6' },
    { text: 'COPY a \\\n  b \\\n  c', message: 'When using COPY with more than one source file, the destination must be a directory and end with a /', at: '3:3', hint: 'write the destination as c/' },
    { text: 'COPY <<A <<B c\nA\nB', message: 'When using COPY with more than one source file, the destination must be a directory and end with a /', at: '1:14' },
    { text: 'COPY --chmod=8 a b', message: "invalid chmod parameter: '8'. it should be octal string and between 0 and 07777", at: '1:6', code: 'INVALID_FLAG' },
    { text: 'COPY --link a b', message: 'COPY --link is not supported yet', at: '1:6', code: 'UNSUPPORTED', hint: 'it asks for independent layers' },
    { text: 'COPY --form=x a b', message: 'unknown flag: --form', at: '1:6', code: 'UNKNOWN_FLAG', hint: 'did you mean --from?' },
    { text: 'COPY --from=3 a b', message: 'invalid stage index 3', at: '1:6', code: 'UNKNOWN_STAGE' },
  ],
}, test);
