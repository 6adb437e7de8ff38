import { ruleTest } from '@strake/testing';
import { defaultPlugins } from 'strake';
import { multipleInstructionsDisallowed } from './multiple-instructions-disallowed';

ruleTest(multipleInstructionsDisallowed, {
  instructions: defaultPlugins,
  rows: [
    { text: 'FROM scratch\nCMD ["a"]\nENTRYPOINT ["b"]\nCMD ["c"]\nCMD ["d"]', expected: [2, 4].map((line) => `${line}:1 Multiple CMD instructions should not be used in the same stage because only the last one will be used`) },
    { text: 'FROM scratch\nHEALTHCHECK CMD x\nHEALTHCHECK NONE', expected: ['2:1 Multiple HEALTHCHECK instructions should not be used in the same stage because only the last one will be used'] },
    { name: 'one a stage', text: 'FROM scratch AS a\nCMD ["a"]\nFROM a\nCMD ["b"]', expected: [] },
  ],
}, test);
