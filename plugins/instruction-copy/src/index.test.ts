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
      expected: { ops: [{ type: 'mkfile', path: '/etc/motd', name: 'E', content: 'hi\n', mode: 0o644 }], history: 'COPY <<E /etc/motd' },
    },
    {
      name: 'a layer of its own, with the owner as numbers',
      text: 'COPY --link --chown=7:root a b /to/',
      expected: { ops: [{ type: 'copy', from: { kind: 'context' }, sources: ['a', 'b'], destination: '/to/', chown: '7:root' }], link: true, history: 'COPY --chown=7:root a b /to/' },
    },
    {
      name: 'a mode takes the layer of its own away, as in BuildKit',
      text: 'COPY --link --chmod=u=rwX,go= --chown=app a /to/',
      expected: { ops: [{ type: 'copy', from: { kind: 'context' }, sources: ['a'], destination: '/to/', chown: 'app', chmod: 'u=rwX,go=' }], history: 'COPY --chown=app --chmod=u=rwX,go= a /to/' },
    },
    { text: 'COPY --link=false a b', expected: { ops: [{ type: 'copy', from: { kind: 'context' }, sources: ['a'], destination: '/b' }], history: 'COPY a b' } },
    {
      name: 'parents keep their sources as they are written, for the pivot',
      text: 'COPY --parents --from=x --exclude=*.md --exclude=!a.md src/./lib ../**/*.c /to/',
      expected: {
        ops: [{ type: 'copy', from: { kind: 'named', name: 'x' }, sources: ['src/./lib', '../**/*.c'], destination: '/to/', exclude: ['*.md', '!a.md'], parents: true }],
        history: 'COPY --parents src/./lib ../**/*.c /to/',
      },
    },
    {
      name: 'no variables in --exclude, but in the others; what is empty is not given',
      text: 'COPY --exclude=$x --exclude= --chmod=$mode --chown=$none a b',
      stage: { env: ['x=1', 'mode=a+x'] },
      expected: { ops: [{ type: 'copy', from: { kind: 'context' }, sources: ['a'], destination: '/b', chmod: 'a+x', exclude: ['$x'] }], history: 'COPY --chmod=a+x a b' },
    },
    {
      name: 'a mode of clauses changes 644, and no directory',
      text: 'COPY --chmod=a+x <<run /bin/\n#!/bin/sh\nrun',
      expected: { ops: [{ type: 'mkfile', path: '/bin/run', content: '#!/bin/sh\n', mode: 0o755 }], history: 'COPY --chmod=a+x <<run /bin/' },
    },
    {
      name: 'several sources to what may be a file',
      text: 'COPY a b c',
      expected: {
        ops: [{ type: 'copy', from: { kind: 'context' }, sources: ['a', 'b'], destination: '/c' }],
        history: 'COPY a b c',
        warnings: [{
          code: 'SeveralSourcesToFile',
          message: 'several sources are copied to c: unless it is a directory already, each takes the place of the one before',
          hint: 'write the destination as c/',
        }],
      },
    },
  ],
  refuses: [
    { text: 'COPY a https://example.org/b /to/', message: "source can't be a URL for COPY", at: '1:8' },
    { text: 'COPY git@example.org:a/b.git /to', message: "source can't be a git ref for COPY", at: '1:6' },
    { text: 'COPY --chmod=8 a b', message: "invalid chmod parameter: '8'. it should be octal string and between 0 and 07777", at: '1:6', code: 'INVALID_FLAG' },
    { text: 'COPY --chmod=u+q a b', message: "invalid chmod parameter: 'u+q'. it should be octal, or clauses like u=rwX,go=rX", at: '1:6', code: 'INVALID_FLAG' },
    { text: 'COPY --link --chown=app a b', message: 'invalid user index: "app" cannot be looked up for a layer that does not depend on those below it', at: '1:13', hint: 'give the number, or leave --link out' },
    { text: 'COPY --link --chown=1:staff a b', message: 'invalid user index: "staff" cannot be looked up for a layer that does not depend on those below it', at: '1:13' },
    { text: 'COPY --link=x a b', message: 'expecting boolean value for flag --link, not: x', at: '1:6', code: 'INVALID_FLAG' },
    { text: 'COPY --exclude=! a b', message: 'illegal exclusion pattern: "!"', at: '1:6', code: 'INVALID_FLAG' },
    { text: 'COPY --unpack a b', message: 'unknown flag: --unpack', at: '1:6', code: 'UNKNOWN_FLAG' },
    { text: 'COPY --form=x a b', message: 'unknown flag: --form', at: '1:6', code: 'UNKNOWN_FLAG', hint: 'did you mean --from?' },
    { text: 'COPY --from=3 a b', message: 'invalid stage index 3', at: '1:6', code: 'UNKNOWN_STAGE' },
  ],
}, test);
