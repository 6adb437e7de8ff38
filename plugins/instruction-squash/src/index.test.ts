import { instructionTest } from '@strake/testing';
import { squash } from './index';

instructionTest(squash, {
  lowers: [
    { text: 'SQUASH BEGIN', expected: { squash: 'begin', history: null } },
    { text: 'squash end', expected: { squash: 'end', history: 'SQUASH END' } },
  ],
  refuses: [
    { text: 'SQUASH 3', message: 'SQUASH takes BEGIN or END, not 3', at: '1:8' },
    { text: 'SQUASH', message: 'SQUASH requires exactly one argument', at: '1:1' },
    { name: 'a range that does not begin', text: 'SQUASH END', message: 'no range has begun in this stage', at: '1:1' },
    { name: 'a range that does not end', text: 'SQUASH BEGIN', message: 'the range that begins here does not end in its stage', at: '1:1' },
    { name: 'a range within a range', text: 'SQUASH BEGIN\nSQUASH BEGIN', message: 'the range that begins in line 2 has not ended', at: '2:1' },
  ],
}, test);
