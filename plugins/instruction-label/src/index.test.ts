import { instructionTest } from '@strake/testing';
import { label } from './index';

instructionTest(label, {
  lowers: [
    { text: 'LABEL a=1 b="two $x"', stage: { env: ['x=3'] }, expected: { config: { labels: { a: '1', b: 'two 3' } }, history: 'LABEL a=1 b=two 3' } },
    { text: 'LABEL a the rest', expected: { config: { labels: { a: 'the rest' } }, history: 'LABEL a=the rest' } },
    { name: 'the last of a name wins', text: 'LABEL a=1 a=2', expected: { config: { labels: { a: '2' } }, history: 'LABEL a=1 a=2' } },
  ],
  refuses: [
    { text: 'LABEL', message: 'LABEL requires at least one argument', at: '1:1' },
    { text: 'LABEL a=b c', message: 'Syntax error - can\'t find = in "c". Must be of the form: name=value', at: '1:11' },
  ],
}, test);
