import { instructionTest } from '@strake/testing';
import { arg } from './index';

instructionTest(arg, {
  lowers: [
    { text: 'ARG a', expected: { args: [{ name: 'a' }] } },
    { text: 'ARG a=1 b c="$a d"', stage: { env: ['a=0'] }, expected: { args: [{ name: 'a', value: '1' }, { name: 'b' }, { name: 'c', value: '"$a d"' }] } },
  ],
  refuses: [
    { text: 'ARG', message: 'ARG requires at least one argument', at: '1:1' },
    { text: 'ARG a =b', message: 'ARG names can not be blank', at: '1:7' },
    { text: 'ARG a=1 b="', message: 'failed to process "\\"": unexpected end of statement while looking for matching double-quote', at: '1:1', code: 'INVALID_EXPANSION' },
  ],
}, test);
