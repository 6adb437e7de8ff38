import { defineInstruction, InstructionError } from '@strake/api';

/** SQUASH: the layers of the instructions between `SQUASH BEGIN` and `SQUASH END` become one. */
export const squash = defineInstruction({
  keyword: 'SQUASH',
  summary: 'makes one layer of the instructions between SQUASH BEGIN and SQUASH END',
  args: { kind: 'words', min: 1, max: 1 },
  check: ({ args }) => void edgeOf(args),
  lower: ({ args }) => {
    const edge = edgeOf(args);
    return edge === 'begin' ? { squash: edge, history: null } : { squash: edge, history: 'SQUASH END' };
  },
});

function edgeOf([word = '']: readonly string[]): 'begin' | 'end' {
  const edge = word.toUpperCase();
  if (edge === 'BEGIN') return 'begin';
  if (edge === 'END') return 'end';
  throw new InstructionError(`SQUASH takes BEGIN or END, not ${word}`, { at: word });
}
