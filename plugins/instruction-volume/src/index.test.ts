import { instructionTest } from '@strake/testing';
import { volume } from './index';

instructionTest(volume, {
  lowers: [
    { text: 'VOLUME /a $v', stage: { env: ['v=/b c'] }, expected: { config: { volumes: ['/a', '/b c'] }, history: 'VOLUME [/a /b c]' } },
    { text: 'VOLUME ["/a b", " /c "]', expected: { config: { volumes: ['/a b', '/c'] }, history: 'VOLUME [/a b /c]' } },
  ],
  refuses: [
    { text: 'VOLUME', message: 'VOLUME requires at least one argument', at: '1:1' },
    { text: 'VOLUME ["/a", ""]', message: 'VOLUME specified can not be an empty string', at: '1:1' },
    { text: 'VOLUME /a $nothing', message: 'VOLUME specified can not be an empty string', at: '1:1' },
  ],
}, test);
