import { defineInstruction, InstructionError } from '@strake/api';
import { stageName } from './stage-name';

/** FROM: starts a stage on an image, an earlier stage or nothing. Only global build arguments are expanded. */
export const from = defineInstruction({
  keyword: 'FROM',
  summary: 'starts a stage',
  flags: { platform: { type: 'string', summary: 'platform of the base image', expand: 'word' } },
  refusedFlags: { after: 'an explicit order of stages' },
  args: { kind: 'words', expand: 'word' },
  startsStage: true,
  check: ({ args }) => void stageName(args),
  lower: ({ args, flags }) => {
    const [base = ''] = args;
    const name = stageName(args);
    if (base === '') throw new InstructionError('base name should not be blank');
    return {
      stage: { base, ...(name === undefined ? {} : { name }), ...(flags.platform === undefined ? {} : { platform: flags.platform }) },
      history: null,
    };
  },
});
