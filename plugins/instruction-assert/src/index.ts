import { deriveInstruction } from '@strake/api';

/** ASSERT: runs a program on the stage as RUN would; the build fails where it fails, and what it writes is in no image. */
export const assert = deriveInstruction({
  keyword: 'ASSERT',
  like: 'RUN',
  summary: 'fails the build where a program fails, and keeps nothing of what it writes',
  lower: ({ ops = [], warnings }) => ({ ops, aside: true, history: null, ...(warnings === undefined ? {} : { warnings }) }),
});
