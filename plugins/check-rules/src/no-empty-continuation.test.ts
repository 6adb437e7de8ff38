import { ruleTest } from '@strake/testing';
import { defaultPlugins } from 'strake';
import { noEmptyContinuation } from './no-empty-continuation';

ruleTest(noEmptyContinuation, {
  instructions: defaultPlugins,
  rows: [
    { text: 'FROM scratch\nENV a=b \\\n\n # c\n\t\n c=d\nENV e=f', expected: ['6:1 Empty continuation line'], fixed: 'FROM scratch\nENV a=b \\\n # c\n c=d\nENV e=f' },
    { name: 'before a here-document', text: 'FROM scratch\nCOPY \\\n\n <<x /\n\nx', expected: ['4:1 Empty continuation line'], fixed: 'FROM scratch\nCOPY \\\n <<x /\n\nx' },
    { name: 'between instructions', text: 'FROM scratch\n\nENV a=b \\\n c=d\n', expected: [] },
  ],
}, test);
