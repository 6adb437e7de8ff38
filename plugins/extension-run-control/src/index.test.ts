import { run } from '@strake/instruction-run';
import { extended, instructionTest } from '@strake/testing';
import { runControl } from './index';

const lowered = { ops: [{ type: 'exec', args: ['/bin/sh', '-c', 'make'], cwd: '/', user: '', network: 'default', env: [] }], history: 'RUN /bin/sh -c make' } as const;
const refused = (flag: string, message: string) => ({ text: `RUN ${flag} make`, message, at: '1:5', code: 'INVALID_FLAG' });

instructionTest(extended(run, runControl), {
  flags: Object.keys(runControl.extension.flags),
  lowers: [
    { text: 'RUN make', expected: lowered },
    { text: 'RUN --cache-ttl=1d make', expected: { ...lowered, reuse: { ttl: 86_400 } } },
    { text: 'RUN --no-cache make', expected: { ...lowered, reuse: { never: true } } },
    { text: 'RUN --no-cache=false make', expected: lowered },
    { text: 'RUN --timeout=1h30m make', expected: { ...lowered, attempts: { timeout: 5400 } } },
    { text: 'RUN --retry=3 --timeout=90s --cache-ttl=2w make', expected: { ...lowered, reuse: { ttl: 1_209_600 }, attempts: { timeout: 90, retries: 3 } } },
  ],
  refuses: [
    refused('--cache-ttl=1y', '"1y" is no time: write a number and s, m, h, d or w, as in 90s, 1h30m or 1d'),
    refused('--timeout=0s', '"0s" is no time at all'),
    refused('--timeout=25d', '"25d" is too long: the most is 24 days'),
    refused('--retry=0', '"0" is no number of attempts: it is 1 to 99'),
    refused('--retry', 'missing a value on flag: --retry'),
  ],
}, test);
