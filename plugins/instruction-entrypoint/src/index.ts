import { defineInstruction, goQuoteList } from '@strake/api';

/** ENTRYPOINT: the program that a container runs; clears a CMD that this stage has not set. */
export const entrypoint = defineInstruction({
  keyword: 'ENTRYPOINT',
  summary: 'sets the entrypoint',
  args: { kind: 'program', optional: true },
  lower: ({ args }, stage) => {
    const words = args.form === 'exec' ? args.words : [...stage.shell, args.text];
    const cmd = stage.changed.has('Cmd') ? {} : { cmd: null };
    return { config: { entrypoint: words.length > 0 ? words : null, ...cmd }, history: `ENTRYPOINT ${goQuoteList(words)}` };
  },
});
