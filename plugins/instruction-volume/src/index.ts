import { defineInstruction, InstructionError } from '@strake/api';

/** VOLUME: names mount points of the container. */
export const volume = defineInstruction({
  keyword: 'VOLUME',
  summary: 'names mount points',
  args: { kind: 'words', json: true, expand: 'word', min: 1 },
  lower: ({ args }) => {
    const volumes = args.map((path) => path.trim());
    if (volumes.includes('')) throw new InstructionError('VOLUME specified can not be an empty string');
    return { config: { volumes }, history: `VOLUME [${volumes.join(' ')}]` };
  },
});
