import { ruleTest } from '@strake/testing';
import { defaultPlugins } from 'strake';
import { fromAsCasing } from './from-as-casing';

ruleTest(fromAsCasing, {
  instructions: defaultPlugins,
  rows: [
    { text: 'FROM scratch as a', expected: ["1:14 'as' and 'FROM' keywords' casing do not match"], fixed: 'FROM scratch AS a' },
    { text: 'from scratch As a', expected: ["1:14 'As' and 'from' keywords' casing do not match"], fixed: 'from scratch as a' },
    { name: 'a FROM of mixed case is left to another rule', text: 'From scratch as a', expected: [] },
    { text: 'FROM scratch AS a', expected: [] },
    { text: 'from scratch', expected: [] },
  ],
}, test);
