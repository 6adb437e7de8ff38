import { ruleTest } from '@strake/testing';
import { defaultPlugins } from 'strake';
import { secretsUsedInArgOrEnv } from './secrets-used-in-arg-or-env';

ruleTest(secretsUsedInArgOrEnv, {
  instructions: defaultPlugins,
  rows: [
    { text: 'FROM scratch\nARG a TOKEN\nENV git_key=1 b=2', expected: ['2:1 Do not use ARG or ENV instructions for sensitive data (ARG "TOKEN")', '3:1 Do not use ARG or ENV instructions for sensitive data (ENV "git_key")'] },
    { name: 'parts of words, and words that make it harmless', text: 'FROM scratch\nENV MONKEY=1 PUBLIC_KEY=2 PASSWORD_FILE=3 AUTH_VERSION=4', expected: [] },
    { name: 'elsewhere', text: 'ARG TOKEN\nFROM scratch\nLABEL token=x', expected: [] },
  ],
}, test);
