import { instructionTest } from '@strake/testing';
import { entrypoint } from './index';

instructionTest(entrypoint, {
  lowers: [
    { text: 'ENTRYPOINT ["a"]', expected: { config: { entrypoint: ['a'], cmd: null }, history: 'ENTRYPOINT ["a"]' } },
    { name: 'a CMD of this stage stays', text: 'ENTRYPOINT ["a"]', stage: { changed: new Set(['Cmd'] as const) }, expected: { config: { entrypoint: ['a'] }, history: 'ENTRYPOINT ["a"]' } },
    { text: 'ENTRYPOINT a $b', stage: { shell: ['sh'] }, expected: { config: { entrypoint: ['sh', 'a $b'], cmd: null }, history: 'ENTRYPOINT ["sh" "a $b"]' } },
    { text: 'ENTRYPOINT []', expected: { config: { entrypoint: null, cmd: null }, history: 'ENTRYPOINT []' } },
  ],
  refuses: [{ text: 'ENTRYPOINT [null]', message: 'when using JSON array syntax, arrays must be comprised of strings only', at: '1:12' }],
}, test);
