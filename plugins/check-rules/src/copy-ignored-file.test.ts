import { ruleTest } from '@strake/testing';
import { defaultPlugins } from 'strake';
import { copyIgnoredFile } from './copy-ignored-file';

ruleTest(copyIgnoredFile, {
  instructions: defaultPlugins,
  rows: [
    { text: 'FROM scratch\nCOPY a ./b/../c/d /\nADD c /', ignore: ['c'], expected: ['2:1 Attempting to Copy file "c/d" that is excluded by .dockerignore', '3:1 Attempting to Add file "c" that is excluded by .dockerignore'] },
    { name: 'everything is hidden', text: 'FROM scratch\nCOPY . /', ignore: ['*'], expected: ['2:1 Attempting to Copy file "." that is excluded by .dockerignore'] },
    { name: 'negations', text: 'FROM scratch\nCOPY c /', ignore: ['c', '!c/d'], expected: [] },
    { name: 'other sources', text: 'FROM scratch AS a\nCOPY <<c /\nc\nFROM a\nCOPY --from=a c /', ignore: ['c'], expected: [] },
    { text: 'FROM scratch\nCOPY c /', expected: [] },
  ],
}, test);
