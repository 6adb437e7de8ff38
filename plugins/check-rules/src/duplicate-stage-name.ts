import { defineRule, goQuote } from '@strake/api';
import { pageOf } from './page-of';
import { stageNameRange } from './stage-name-range';

/** A stage whose name an earlier one has. */
export const duplicateStageName = defineRule({
  name: 'DuplicateStageName',
  description: 'Stage names should be unique',
  url: pageOf('duplicate-stage-name'),
  file: ({ stages }) => stages.flatMap(({ name, node }, index) => {
    if (name === undefined || !stages.slice(0, index).some((earlier) => earlier.name === name)) return [];
    return [{ message: `Duplicate stage name ${goQuote(name)}, stage names should be unique`, about: node, range: stageNameRange(node) }];
  }),
});
