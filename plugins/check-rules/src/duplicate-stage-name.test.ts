import { ruleTest } from '@strake/testing';
import { defaultPlugins } from 'strake';
import { duplicateStageName } from './duplicate-stage-name';

ruleTest(duplicateStageName, {
  instructions: defaultPlugins,
  rows: [
    { text: 'FROM scratch AS a\nFROM scratch AS A\nFROM scratch AS b', expected: ['2:17 Duplicate stage name "a", stage names should be unique'] },
    { text: 'FROM scratch\nFROM scratch', expected: [] },
  ],
}, test);
