import { defineInstruction } from '@strake/api';

/** LABEL: adds labels to the image. */
export const label = defineInstruction({
  keyword: 'LABEL',
  summary: 'adds labels',
  args: { kind: 'pairs', legacy: true, expand: 'word' },
  lower: ({ args }) => ({
    config: { labels: Object.fromEntries(args.map(({ name, value = '' }) => [name, value])) },
    history: `LABEL ${args.map(({ name, value = '' }) => `${name}=${value}`).join(' ')}`,
  }),
});
