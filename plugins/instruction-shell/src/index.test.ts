import { instructionTest } from '@strake/testing';
import { shell } from './index';

instructionTest(shell, {
  lowers: [{ text: 'SHELL ["/bin/bash", "-c"]', expected: { config: { shell: ['/bin/bash', '-c'] }, history: 'SHELL [/bin/bash -c]' } }],
  refuses: [
    { text: 'SHELL', message: 'SHELL requires at least one argument', at: '1:1' },
    { text: 'SHELL []', message: 'SHELL requires at least one argument', at: '1:7' },
    { text: 'SHELL bash -c', message: 'SHELL requires the arguments to be in JSON form', at: '1:7', hint: 'write SHELL ["word", "word"]' },
  ],
}, test);
