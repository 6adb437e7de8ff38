import { defineRule, type InstructionNode } from '@strake/api';
import { pageOf } from './page-of';

/** Keywords in another case than most: upper case wins when both are as many. What stands before the first stage does not count. */
export const consistentInstructionCasing = defineRule({
  name: 'ConsistentInstructionCasing',
  description: 'All commands within the Dockerfile should use the same casing (either upper or lower)',
  url: pageOf('consistent-instruction-casing'),
  file({ stages }) {
    const nodes = stages.flatMap(({ node, body }) => [node, ...body]);
    const lower = nodes.filter(isLower).length > nodes.filter(isUpper).length;
    return nodes.filter((node) => !(lower ? isLower(node) : isUpper(node))).map((node) => {
      const text = lower ? node.written.toLowerCase() : node.written.toUpperCase();
      return {
        message: `Command '${node.written}' should match the case of the command majority (${lower ? 'lowercase' : 'uppercase'})`,
        about: node,
        range: node.keywordRange,
        fix: { title: `write ${text}`, edits: [{ range: node.keywordRange, text }] },
      };
    });
  },
});

const isLower = ({ written }: InstructionNode): boolean => written === written.toLowerCase();
const isUpper = ({ written }: InstructionNode): boolean => written === written.toUpperCase();
