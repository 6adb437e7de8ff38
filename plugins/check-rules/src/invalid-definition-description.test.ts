import { ruleTest } from '@strake/testing';
import { defaultPlugins } from 'strake';
import { invalidDefinitionDescription } from './invalid-definition-description';

ruleTest(invalidDefinitionDescription, {
  instructions: defaultPlugins,
  rows: [
    { text: '# x\nFROM scratch AS a\n# y\nARG b\n# z\nARG c=1 d', expected: ['2:1 Comment for FROM should follow the format: `# a <description>`', '4:1 Comment for ARG should follow the format: `# b <description>`', '6:1 Comment for ARG should follow the format: `# <arg_key> <description>`'] },
    { text: '# b is\nARG b\n\n# A is\nFROM scratch AS A', expected: ['5:1 Comment for FROM should follow the format: `# a <description>`'] },
    { text: '# x\n\n#\nFROM scratch AS a\n# y\n# c is\nARG b c=1\n# anything\nENV a=b\n# anything\nFROM scratch', expected: [] },
  ],
}, test);
