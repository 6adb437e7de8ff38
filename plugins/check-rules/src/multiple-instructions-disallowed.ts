import { defineRule } from '@strake/api';
import { pageOf } from './page-of';

const LAST_ONE_COUNTS = ['CMD', 'ENTRYPOINT', 'HEALTHCHECK'];

/** A second CMD, ENTRYPOINT or HEALTHCHECK of one stage; reported at the earlier one, which is the one that does not count. */
export const multipleInstructionsDisallowed = defineRule({
  name: 'MultipleInstructionsDisallowed',
  description: 'Multiple instructions of the same type should not be used in the same stage',
  url: pageOf('multiple-instructions-disallowed'),
  instruction({ node }, stage, _facts, index) {
    if (!LAST_ONE_COUNTS.includes(node.keyword)) return [];
    const earlier = stage.instructions.slice(0, index).findLast((one) => one.node.keyword === node.keyword);
    if (earlier === undefined) return [];
    const message = `Multiple ${node.written} instructions should not be used in the same stage because only the last one will be used`;
    return [{ message, about: earlier.node, hint: 'remove it' }];
  },
});
