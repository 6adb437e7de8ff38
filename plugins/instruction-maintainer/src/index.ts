import { defineInstruction } from '@strake/api';

/** MAINTAINER: names the author of the image. */
export const maintainer = defineInstruction({
  keyword: 'MAINTAINER',
  summary: 'names the author',
  args: { kind: 'raw' },
  lower: ({ args }) => ({ config: { author: args }, history: `MAINTAINER ${args}` }),
});
