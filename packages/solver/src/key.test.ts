import type { ExecOp } from '@strake/api';
import { makeKey, opParts } from '.';
import { exec, vertex } from './test-support/graph';

const base: ExecOp = exec(['/bin/sh', '-c', 'make'], ['PATH=/bin', 'A=1']);
const keyOf = (op: ExecOp): string => makeKey(opParts(vertex('v', [op]))).digest;

describe('the key of a program', () => {
  test.each<[string, Partial<ExecOp>]>([
    ['its words', { args: ['/bin/sh', '-c', 'make all'] }],
    ['how they are split', { args: ['/bin/sh', '-c make'] }],
    ['a variable', { env: ['PATH=/bin', 'A=2'] }],
    ['the order of variables', { env: ['A=1', 'PATH=/bin'] }],
    ['a variable more', { env: [...base.env, 'B='] }],
    ['the working directory', { cwd: '/src' }],
    ['the user', { user: 'app' }],
    ['the network', { network: 'none' }],
    ['a here-document', { scripts: [{ name: 'EOF', content: '#!/bin/sh\n' }] }],
  ])('changes with %s', (_what, change) => {
    expect(keyOf({ ...base, ...change })).not.toBe(keyOf(base));
  });

  test('does not change with names and positions', () => {
    expect(makeKey(opParts(vertex('other name', [base]))).digest).toBe(keyOf(base));
  });
});
