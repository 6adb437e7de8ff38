import { ruleTest } from '@strake/testing';
import { defaultPlugins } from 'strake';
import { stageNameCasing } from './stage-name-casing';

ruleTest(stageNameCasing, {
  instructions: defaultPlugins,
  rows: [
    { text: 'FROM scratch AS Bad-Name\nFROM scratch\nCOPY --from=Bad-Name a b', expected: ["1:17 Stage name 'Bad-Name' should be lowercase"], fixed: 'FROM scratch AS bad-name\nFROM scratch\nCOPY --from=Bad-Name a b' },
    { name: 'on a line of its own', text: 'FROM scratch AS \\\n  Two', expected: ["2:3 Stage name 'Two' should be lowercase"], fixed: 'FROM scratch AS \\\n  two' },
    { text: 'FROM scratch AS good', expected: [] },
    { text: 'FROM Scratch', images: { Scratch: {} }, expected: [] },
  ],
}, test);
