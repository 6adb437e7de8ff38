import { defineInstruction, goQuoteList } from '@strake/api';

/** CMD: the default arguments or program. */
export const cmd = defineInstruction({
  keyword: 'CMD',
  summary: 'sets the default program',
  args: { kind: 'program', optional: true },
  lower: ({ args }, stage) => {
    const words = args.form === 'exec' ? args.words : [...stage.shell, args.text];
    return { config: { cmd: words }, history: `CMD ${goQuoteList(words)}` };
  },
});
