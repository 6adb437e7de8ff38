import { instructionTest } from '@strake/testing';
import { user } from './index';

instructionTest(user, {
  lowers: [
    { text: 'USER app:staff', expected: { config: { user: 'app:staff' }, history: 'USER app:staff' } },
    { text: 'USER ${u:-1000}', expected: { config: { user: '1000' }, history: 'USER 1000' } },
  ],
  refuses: [
    { text: 'USER', message: 'USER requires exactly one argument', at: '1:1' },
    { text: 'USER ${u:?no user}', message: 'failed to process "${u:?no user}": u: no user', at: '1:6', code: 'INVALID_EXPANSION' },
  ],
}, test);
