import { add } from '@strake/instruction-add';
import { copy } from '@strake/instruction-copy';
import { extended, instructionTest } from '@strake/testing';
import { addIfExists, copyIfExists } from './index';

const op = { type: 'copy', from: { kind: 'context' }, sources: ['a', 'b*'], destination: '/to/' } as const;

instructionTest(extended(copy, copyIfExists), {
  flags: ['if-exists'],
  lowers: [
    { text: 'COPY --if-exists a b* /to/', expected: { ops: [{ ...op, optional: true }], history: 'COPY a b* /to/' } },
    { text: 'COPY --if-exists=false a b* /to/', expected: { ops: [op], history: 'COPY a b* /to/' } },
    {
      name: 'of a stage, beside a here-document', text: 'COPY --from=build --if-exists a <<b /to/\nhi\nb',
      expected: { ops: [{ ...op, from: { kind: 'named', name: 'build' }, sources: ['a'], optional: true }, { type: 'mkfile', path: '/to/b', content: 'hi\n', mode: 0o644 }], history: 'COPY a <<b /to/' },
    },
  ],
  refuses: [{ text: 'COPY --if-exists=maybe a b', message: 'expecting boolean value for flag --if-exists, not: maybe', at: '1:6', code: 'INVALID_FLAG' }],
}, test);

instructionTest(extended(add, addIfExists), {
  flags: ['if-exists'],
  lowers: [
    {
      name: 'a download is not optional', text: 'ADD --if-exists a b* https://e.org/x /to/',
      expected: {
        ops: [{ ...op, unpack: true, optional: true }, { type: 'copy', from: { kind: 'source', scheme: 'http', reference: 'https://e.org/x', attributes: { filename: 'x' } }, sources: ['x'], destination: '/to/' }],
        history: 'ADD a b* https://e.org/x /to/',
      },
    },
  ],
}, test);
