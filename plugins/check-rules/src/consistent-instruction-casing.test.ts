import { ruleTest } from '@strake/testing';
import { defaultPlugins } from 'strake';
import { consistentInstructionCasing } from './consistent-instruction-casing';

ruleTest(consistentInstructionCasing, {
  instructions: defaultPlugins,
  rows: [
    { text: 'FROM scratch\ncopy a b\nENV a=b', expected: ["2:1 Command 'copy' should match the case of the command majority (uppercase)"], fixed: 'FROM scratch\nCOPY a b\nENV a=b' },
    { text: 'from scratch\nCopy a b', expected: ["2:1 Command 'Copy' should match the case of the command majority (lowercase)"], fixed: 'from scratch\ncopy a b' },
    { name: 'upper case when both are as many', text: 'from scratch\nENV a=b', expected: ["1:1 Command 'from' should match the case of the command majority (uppercase)"], fixed: 'FROM scratch\nENV a=b' },
    { name: 'before the first stage', text: 'arg a\narg b\nFROM scratch', expected: [] },
  ],
}, test);
