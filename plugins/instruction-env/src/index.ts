import { defineInstruction } from '@strake/api';

/** ENV: sets environment variables; one that exists keeps its place. */
export const env = defineInstruction({
  keyword: 'ENV',
  summary: 'sets environment variables',
  args: { kind: 'pairs', legacy: true, expand: 'word' },
  lower: ({ args }) => {
    const pairs = args.map(({ name, value = '' }) => ({ name, value }));
    return { config: { env: pairs }, history: `ENV ${pairs.map(({ name, value }) => `${name}=${value}`).join(' ')}` };
  },
});
