import { instructionTest } from '@strake/testing';
import { stopsignal } from './index';

instructionTest(stopsignal, {
  lowers: [
    { text: 'STOPSIGNAL $s', stage: { env: ['s=SIGKILL'] }, expected: { config: { stopSignal: 'SIGKILL' }, history: 'STOPSIGNAL SIGKILL' } },
    { text: 'STOPSIGNAL --anything -1', expected: { config: { stopSignal: '-1' }, history: 'STOPSIGNAL -1' } },
    { text: 'STOPSIGNAL 9', expected: { config: { stopSignal: '9' }, history: 'STOPSIGNAL 9' } },
    { text: 'STOPSIGNAL rtmin+3', expected: { config: { stopSignal: 'rtmin+3' }, history: 'STOPSIGNAL rtmin+3' } },
  ],
  refuses: [
    { text: 'STOPSIGNAL', message: 'STOPSIGNAL requires exactly one argument', at: '1:1' },
    { text: 'STOPSIGNAL SIGSTOPP', message: 'invalid signal: SIGSTOPP', at: '1:12' },
    { text: 'STOPSIGNAL 0', message: 'invalid signal: 0', at: '1:12' },
    { text: 'STOPSIGNAL 99999999999999999999', message: 'invalid signal: 99999999999999999999', at: '1:12' },
    { text: 'STOPSIGNAL RTMIN+16', message: 'invalid signal: RTMIN+16', at: '1:12' },
  ],
}, test);
