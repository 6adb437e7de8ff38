import { defineInstruction } from '@strake/api';

/** SHELL: the words that shell-form instructions are given to. */
export const shell = defineInstruction({
  keyword: 'SHELL',
  summary: 'sets the shell of shell-form instructions',
  args: { kind: 'json', min: 1 },
  lower: ({ args }) => ({ config: { shell: args }, history: `SHELL [${args.join(' ')}]` }),
});
