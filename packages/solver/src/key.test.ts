import type { ExecOp, Mount } from '@strake/api';
import { makeKey, opParts } from '.';
import { exec, vertex } from './test-support/graph';

const base: ExecOp = exec(['/bin/sh', '-c', 'make'], ['PATH=/bin', 'A=1']);
const bind: Mount = { type: 'bind', target: '/m', input: 0, source: '/', readonly: true };
const cache: Mount = { type: 'cache', target: '/m', id: 'c', sharing: 'shared', readonly: false };
const secret: Mount = { type: 'secret', id: 's', target: '/m', required: false, mode: 0o400, uid: 0, gid: 0 };
const ssh: Mount = { type: 'ssh', id: 'default', target: '/m', required: false, mode: 0o600, uid: 0, gid: 0 };
const mounts: readonly (readonly [string, Mount])[] = [
  ['a mount', bind],
  ['its target', { ...bind, target: '/n' }],
  ['its source', { ...bind, source: '/src' }],
  ['whether it can be written', { ...bind, readonly: false }],
  ['a cache', cache],
  ['a cache that is only read', { ...cache, readonly: true }],
  ['the mode of a cache', { ...cache, mode: 0o700 }],
  ['the owner of a cache', { ...cache, uid: 5 }],
  ['what a cache starts with', { ...cache, from: { input: 0, source: '/seed' } }],
  ['memory', { type: 'tmpfs', target: '/m' }],
  ['the size of memory', { type: 'tmpfs', target: '/m', size: 4096 }],
  ['a secret', secret],
  ['its name', { ...secret, id: 't' }],
  ['its mode', { ...secret, mode: 0o444 }],
  ['its variable', { ...secret, env: 'S' }],
  ['whether it is required', { ...secret, required: true }],
  ['an agent', ssh],
  ['its id', { ...ssh, id: 'work' }],
];
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
    ['the security mode', { security: 'insecure' }],
    ['a device', { devices: [{ name: 'vendor.test/gpu=0', required: false }] }],
    ...mounts.map(([what, mount]): [string, Partial<ExecOp>] => [what, { mounts: [mount] }]),
    ['a here-document', { scripts: [{ name: 'EOF', content: '#!/bin/sh\n' }] }],
  ])('changes with %s', (_what, change) => {
    expect(keyOf({ ...base, ...change })).not.toBe(keyOf(base));
  });

  test('differs for each mount', () => {
    const keys = mounts.map(([, mount]) => keyOf({ ...base, mounts: [mount] }));
    expect(new Set(keys).size).toBe(keys.length);
  });

  test.each<[string, Mount, Mount]>([
    ['the number of the input that a mount shows', bind, { ...bind, input: 3 }],
    ['the number of the input that a cache starts with', { ...cache, from: { input: 0, source: '/' } }, { ...cache, from: { input: 1, source: '/' } }],
    ['what a cache is called', cache, { ...cache, id: 'other' }],
    ['who shares a cache', cache, { ...cache, sharing: 'locked' }],
  ])('does not change with %s', (_what, one, other) => {
    expect(keyOf({ ...base, mounts: [one] })).toBe(keyOf({ ...base, mounts: [other] }));
  });

  test('does not change with names and positions', () => {
    expect(makeKey(opParts(vertex('other name', [base]))).digest).toBe(keyOf(base));
  });
});
