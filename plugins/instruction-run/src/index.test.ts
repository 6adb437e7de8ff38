import type { LoweredExec } from '@strake/api';
import { instructionTest } from '@strake/testing';
import { run } from './index';

const exec = (args: readonly string[], more: Partial<LoweredExec> = {}): LoweredExec => ({ type: 'exec', args, env: [], cwd: '/', user: '', network: 'default', ...more });

instructionTest(run, {
  lowers: [
    { text: 'RUN make "$x"', stage: { env: ['x=1'] }, expected: { ops: [exec(['/bin/sh', '-c', 'make "$x"'], { env: ['x=1'] })], history: 'RUN /bin/sh -c make "$x"' } },
    { text: 'RUN ["make", "$x"]', expected: { ops: [exec(['make', '$x'])], history: 'RUN make $x' } },
    { text: 'RUN --network=none x', stage: { network: 'host' }, expected: { ops: [exec(['/bin/sh', '-c', 'x'], { network: 'none' })], history: 'RUN /bin/sh -c x' } },
    {
      name: 'what the stage has',
      text: 'RUN x',
      stage: { shell: ['bash', '-e'], workdir: '/srv', network: 'host', config: { User: 'app' }, declared: ['a', 'b'], args: [{ name: 'a', value: '1' }], env: ['a=1'] },
      expected: { ops: [exec(['bash', '-e', 'x'], { cwd: '/srv', user: 'app', network: 'host', env: ['a=1'] })], history: 'RUN |2 a=1 b= bash -e x' },
    },
    { name: 'a here-document is the text', text: 'RUN <<E\na $x\nb\nE', expected: { ops: [exec(['/bin/sh', '-c', 'a $x\nb\n'])], history: 'RUN /bin/sh -c a $x\nb\n' } },
    {
      name: 'a here-document is a program',
      text: 'RUN <<E\n#!/bin/x\na\nE',
      expected: {
        ops: [exec(['/bin/sh', '-c', '/dev/pipes/E'], { scripts: [{ name: 'E', content: '#!/bin/x\na\n' }] })],
        history: 'RUN /bin/sh -c /dev/pipes/E',
      },
    },
    { name: 'here-documents after words', text: 'RUN cat <<A - <<B\n1\nA\n2\nB', expected: { ops: [exec(['/bin/sh', '-c', 'cat <<A - <<B\n1\nA\n2\nB'])], history: 'RUN /bin/sh -c cat <<A - <<B\n1\nA\n2\nB' } },
  ],
  refuses: [
    { text: 'RUN --network=bridge x', message: 'invalid network mode: "bridge"', at: '1:5', code: 'INVALID_FLAG' },
    { text: 'RUN --netwrok=none x', message: 'unknown flag: --netwrok', at: '1:5', code: 'UNKNOWN_FLAG', hint: 'did you mean --network?' },
    { text: 'RUN --mount=type=cache,target=/x \\\n  y', message: 'RUN --mount is not supported yet', at: '1:5', code: 'UNSUPPORTED', hint: 'it asks for mounts' },
  ],
}, test);
