import { defineInstruction } from '@strake/api';

/** ARG: declares build arguments; defaults are expanded by the core, which alone knows whether they are needed. */
export const arg = defineInstruction({
  keyword: 'ARG',
  summary: 'declares build arguments',
  args: { kind: 'pairs', bare: true, expand: 'none' },
  ignoresFlags: () => true,
  beforeStages: true,
  lower: ({ args }) => ({ args }),
});
