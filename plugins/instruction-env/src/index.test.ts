import { instructionTest } from '@strake/testing';
import { env } from './index';

instructionTest(env, {
  lowers: [
    { text: 'ENV a=1 b="$a 2"', stage: { env: ['a=0'] }, expected: { config: { env: [{ name: 'a', value: '1' }, { name: 'b', value: '0 2' }] }, history: 'ENV a=1 b=0 2' } },
    { text: 'ENV a  the value ', expected: { config: { env: [{ name: 'a', value: 'the value' }] }, history: 'ENV a=the value' } },
    { text: 'ENV a=', expected: { config: { env: [{ name: 'a', value: '' }] }, history: 'ENV a=' } },
    { text: 'ENV $n=v', stage: { env: ['n=name'] }, expected: { config: { env: [{ name: 'name', value: 'v' }] }, history: 'ENV name=v' } },
  ],
  refuses: [
    { text: 'ENV a', message: 'ENV must have two arguments', at: '1:5', hint: 'write ENV name=value' },
    { text: 'ENV a=1 b', message: 'Syntax error - can\'t find = in "b". Must be of the form: name=value', at: '1:9' },
    { text: 'ENV a=1 \\\n  b=${x', message: 'failed to process "${x": syntax error: missing \'}\'', at: '2:3', code: 'INVALID_EXPANSION' },
  ],
}, test);
