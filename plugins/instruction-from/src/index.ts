import { defineInstruction, InstructionError } from '@strake/api';
import { stageName } from './stage-name';

/** FROM: starts a stage on an image, an earlier stage or nothing. Only global build arguments are expanded. */
export const from = defineInstruction({
  keyword: 'FROM',
  summary: 'starts a stage',
  flags: {
    platform: { type: 'string', summary: 'platform of the base image', expand: 'word' },
    after: { type: 'strings', summary: 'stages to build first, though nothing is taken from them', expand: 'word' },
  },
  args: { kind: 'words', expand: 'word' },
  startsStage: true,
  check: ({ args }) => void stageName(args),
  lower: ({ args, flags, text }) => {
    const [base = ''] = args;
    const name = stageName(args);
    if (base === '') throw new InstructionError('base name should not be blank');
    const after = (flags.after ?? []).flatMap((names) => names.split(',')).map((each) => each.trim());
    if (after.includes('')) throw new InstructionError('--after should name stages', { at: 'after' });
    const platform = platformOf(flags.platform, text);
    const stage = { base, ...(name === undefined ? {} : { name }), ...(platform === undefined ? {} : { platform }), ...(after.length > 0 ? { after } : {}) };
    return { stage, history: null };
  },
});

/** As in BuildKit a flag that is written empty is none; one that becomes empty is refused where the platform is read. */
function platformOf(platform: string | undefined, text: string): string | undefined {
  return platform === '' && /--platform=(?:\s|$)/.test(text) ? undefined : platform;
}
