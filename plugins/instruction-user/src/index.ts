import { defineInstruction } from '@strake/api';

/** USER: the user of later RUN lines and of the container. Names are looked up when something runs. */
export const user = defineInstruction({
  keyword: 'USER',
  summary: 'sets the user',
  args: { kind: 'raw', expand: 'word' },
  lower: ({ args }) => ({ config: { user: args }, history: `USER ${args}` }),
});
