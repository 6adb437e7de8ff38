import { instructionTest } from '@strake/testing';
import { cmd } from './index';

instructionTest(cmd, {
  lowers: [
    { text: 'CMD ["a", "b c"]', expected: { config: { cmd: ['a', 'b c'] }, history: 'CMD ["a" "b c"]' } },
    { text: 'CMD a "$b"', expected: { config: { cmd: ['/bin/sh', '-c', 'a "$b"'] }, history: 'CMD ["/bin/sh" "-c" "a \\"$b\\""]' } },
    { text: 'CMD a', stage: { shell: ['bash', '-c'] }, expected: { config: { cmd: ['bash', '-c', 'a'] }, history: 'CMD ["bash" "-c" "a"]' } },
    { text: 'CMD []', expected: { config: { cmd: [] }, history: 'CMD []' } },
  ],
  refuses: [{ text: 'CMD ["a", 1]', message: 'when using JSON array syntax, arrays must be comprised of strings only', at: '1:5' }],
}, test);
