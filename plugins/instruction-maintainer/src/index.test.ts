import { instructionTest } from '@strake/testing';
import { maintainer } from './index';

instructionTest(maintainer, {
  lowers: [{ text: 'MAINTAINER me <$me@example.org>', stage: { env: ['me=x'] }, expected: { config: { author: 'me <$me@example.org>' }, history: 'MAINTAINER me <$me@example.org>' } }],
  refuses: [
    { text: 'MAINTAINER', message: 'MAINTAINER requires exactly one argument', at: '1:1' },
    { text: 'MAINTAINER --boo me', message: 'unknown flag: --boo', at: '1:12', code: 'UNKNOWN_FLAG' },
  ],
}, test);
