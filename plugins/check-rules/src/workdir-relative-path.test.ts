import { ruleTest } from '@strake/testing';
import { defaultPlugins } from 'strake';
import { workdirRelativePath } from './workdir-relative-path';

ruleTest(workdirRelativePath, {
  instructions: defaultPlugins,
  rows: [
    { text: 'FROM scratch\nWORKDIR a/\nWORKDIR b', expected: ['2:1 Relative workdir "a/" can have unexpected results if the base image changes'] },
    { text: 'FROM scratch\nENV d=x\nWORKDIR $d', expected: ['3:1 Relative workdir "x" can have unexpected results if the base image changes'] },
    { name: 'absolute in a stage below', text: 'FROM scratch AS a\nWORKDIR /a\nFROM a AS b\nFROM b\nWORKDIR c', expected: [] },
    { text: 'FROM scratch\nWORKDIR /a', expected: [] },
  ],
}, test);
