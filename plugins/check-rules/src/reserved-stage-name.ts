import { defineRule, goQuote } from '@strake/api';
import { pageOf } from './page-of';
import { stageNameRange } from './stage-name-range';

/** A stage called `scratch` or `context`. */
export const reservedStageName = defineRule({
  name: 'ReservedStageName',
  description: 'Reserved words should not be used as stage names',
  url: pageOf('reserved-stage-name'),
  file: ({ stages }) => stages.flatMap(({ name, node }) => {
    if (name !== 'scratch' && name !== 'context') return [];
    return [{ message: `Stage name should not use the same name as reserved stage ${goQuote(name)}`, about: node, range: stageNameRange(node) }];
  }),
});
