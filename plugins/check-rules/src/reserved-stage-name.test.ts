import { ruleTest } from '@strake/testing';
import { defaultPlugins } from 'strake';
import { reservedStageName } from './reserved-stage-name';

ruleTest(reservedStageName, {
  instructions: defaultPlugins,
  rows: [
    { text: 'FROM scratch AS Scratch\nFROM scratch AS context', expected: ['1:17 Stage name should not use the same name as reserved stage "scratch"', '2:17 Stage name should not use the same name as reserved stage "context"'] },
    { text: 'FROM scratch AS contexts', expected: [] },
  ],
}, test);
