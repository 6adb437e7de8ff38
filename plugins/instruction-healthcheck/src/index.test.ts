import { instructionTest } from '@strake/testing';
import { healthcheck } from './index';

instructionTest(healthcheck, {
  lowers: [
    {
      text: 'HEALTHCHECK CMD curl -f "$url"',
      expected: {
        config: { healthcheck: { Test: ['CMD-SHELL', 'curl -f "$url"'] } },
        history: String.raw`HEALTHCHECK &{["CMD-SHELL" "curl -f \"$url\""] "0s" "0s" "0s" "0s" '\x00'}`,
      },
    },
    {
      text: 'HEALTHCHECK --interval=1m30s --timeout=1.5s --start-period=2h --start-interval=250ms --retries=3 CMD ["x", "y"]',
      expected: {
        config: { healthcheck: { Test: ['CMD', 'x', 'y'], Interval: 90e9, Timeout: 1.5e9, StartPeriod: 7200e9, StartInterval: 250e6, Retries: 3 } },
        history: String.raw`HEALTHCHECK &{["CMD" "x" "y"] "1m30s" "1.5s" "2h0m0s" "250ms" '\x03'}`,
      },
    },
    {
      text: 'HEALTHCHECK none',
      expected: { config: { healthcheck: { Test: ['NONE'] } }, history: String.raw`HEALTHCHECK &{["NONE"] "0s" "0s" "0s" "0s" '\x00'}` },
    },
    {
      name: 'flags of NONE',
      text: 'HEALTHCHECK --retries=3 NONE',
      expected: {
        config: { healthcheck: { Test: ['NONE'] } },
        history: String.raw`HEALTHCHECK &{["NONE"] "0s" "0s" "0s" "0s" '\x00'}`,
      },
    },
  ],
  refuses: [
    { text: 'HEALTHCHECK', message: 'HEALTHCHECK requires at least one argument', at: '1:1' },
    { text: 'HEALTHCHECK CMD', message: 'Missing command after HEALTHCHECK CMD', at: '1:1' },
    { text: 'HEALTHCHECK NONE x', message: 'HEALTHCHECK NONE takes no arguments', at: '1:1' },
    { text: 'HEALTHCHECK TRY x', message: 'Unknown type "TRY" in HEALTHCHECK (try CMD)', at: '1:13' },
    { text: 'HEALTHCHECK --retries=1 --timeout=999us CMD x', message: 'Interval "timeout" cannot be less than 1ms', at: '1:25' },
    { text: 'HEALTHCHECK --interval=-1s CMD x', message: 'Interval "interval" cannot be less than 1ms', at: '1:13' },
    { text: 'HEALTHCHECK --retries=-1 CMD x', message: '--retries cannot be negative (-1)', at: '1:13' },
    { text: 'HEALTHCHECK --retries=2147483648 CMD x', message: '--retries is too large (2147483648)', at: '1:13' },
    { text: 'HEALTHCHECK --timeout=9999999h CMD x', message: 'time: invalid duration "9999999h"', at: '1:13', code: 'INVALID_FLAG' },
    { text: 'HEALTHCHECK --interval=soon CMD x', message: 'time: invalid duration "soon"', at: '1:13', code: 'INVALID_FLAG' },
    { text: 'HEALTHCHECK --retires=1 CMD x', message: 'unknown flag: --retires', at: '1:13', code: 'UNKNOWN_FLAG', hint: 'did you mean --retries?' },
  ],
}, test);
