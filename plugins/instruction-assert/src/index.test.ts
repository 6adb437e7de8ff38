import { run } from '@strake/instruction-run';
import { derived, instructionTest } from '@strake/testing';
import { assert } from './index';

const exec = { type: 'exec', cwd: '/', user: '', network: 'default', env: [] } as const;

instructionTest(derived(run, assert, 'ASSERT'), {
  lowers: [
    { text: 'ASSERT test -f /etc/app.conf', expected: { ops: [{ ...exec, args: ['/bin/sh', '-c', 'test -f /etc/app.conf'] }], aside: true, history: null } },
    { name: 'the words of a program', text: 'ASSERT ["/app", "--self-test"]', expected: { ops: [{ ...exec, args: ['/app', '--self-test'] }], aside: true, history: null } },
    { name: 'a here-document', text: 'ASSERT <<EOF\nset -e\n/app --version\nEOF', expected: { ops: [{ ...exec, args: ['/bin/sh', '-c', 'set -e\n/app --version\n'] }], aside: true, history: null } },
    {
      name: 'mounts, a network and a user are those of RUN',
      text: 'ASSERT --mount=type=bind,source=test,target=/test --network=none /test/run',
      stage: { config: { User: 'app' }, workdir: '/srv' },
      expected: {
        ops: [{ ...exec, cwd: '/srv', user: 'app', network: 'none', args: ['/bin/sh', '-c', '/test/run'], mounts: [{ type: 'bind', target: '/test', from: { kind: 'context' }, source: '/test', readonly: true }] }],
        aside: true, history: null,
      },
    },
    { name: 'the sandbox and devices', text: 'ASSERT --security=insecure --device=vendor/class=a true', expected: { ops: [{ ...exec, args: ['/bin/sh', '-c', 'true'], security: 'insecure', devices: [{ name: 'vendor/class=a', required: false }] }], aside: true, history: null } },
    { name: 'a program of nothing is warned of', text: 'ASSERT', expected: { ops: [{ ...exec, args: ['/bin/sh', '-c', ''] }], aside: true, history: null, warnings: [{ code: 'EmptyInstruction', message: 'ASSERT without a program runs the shell on nothing', hint: 'write a program, or remove the instruction' }] } },
  ],
  refuses: [],
}, test);
