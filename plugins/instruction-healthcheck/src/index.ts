import { defineInstruction } from '@strake/api';
import { describe, makeHealthcheck } from './healthcheck';
import { checkLimits } from './limits';
import { testWords } from './test-words';

/** HEALTHCHECK: says how to tell that a container is healthy. */
export const healthcheck = defineInstruction({
  keyword: 'HEALTHCHECK',
  summary: 'says how to tell that a container is healthy',
  flags: {
    interval: { type: 'duration', summary: 'time between checks' },
    timeout: { type: 'duration', summary: 'how long one check may take' },
    'start-period': { type: 'duration', summary: 'failures in this time after the start do not count' },
    'start-interval': { type: 'duration', summary: 'time between checks in the start period' },
    retries: { type: 'integer', summary: 'how many failures make the container unhealthy' },
  },
  args: { kind: 'choice', choices: ['CMD', 'NONE'] },
  ignoresFlags: ({ choice }) => choice === 'NONE',
  check: ({ flags, args }) => {
    testWords(args.choice, args.program);
    checkLimits(flags);
  },
  lower: ({ flags, args }) => {
    const check = makeHealthcheck(testWords(args.choice, args.program), flags);
    return { config: { healthcheck: check }, history: describe(check) };
  },
});
