import { defineRule, goQuote, type DockerfileFacts, type StageFacts } from '@strake/api';
import { pageOf } from './page-of';

/** A relative WORKDIR that is the first of its stage and of the stages below it. What a base image has set does not count. */
export const workdirRelativePath = defineRule({
  name: 'WorkdirRelativePath',
  description: 'Relative workdir without an absolute workdir declared within the build can have unexpected results if the base image changes',
  url: pageOf('workdir-relative-path'),
  instruction({ node, instruction, view }, stage, facts, index) {
    if (node.keyword !== 'WORKDIR') return [];
    const path = instruction.args as string;
    const absolute = view.platform.os === 'windows' ? /^([a-z]:)?[\\/]/i.test(path) : path.startsWith('/');
    if (absolute || stage.instructions.slice(0, index).some((one) => one.node.keyword === 'WORKDIR') || isSetBelow(stage, facts)) return [];
    return [{ message: `Relative workdir ${goQuote(path)} can have unexpected results if the base image changes`, hint: 'begin the first WORKDIR of a stage with /' }];
  },
});

function isSetBelow({ parent }: StageFacts, facts: DockerfileFacts): boolean {
  const below = facts.stages.find(({ index }) => index === parent);
  return below !== undefined && (below.instructions.some(({ node }) => node.keyword === 'WORKDIR') || isSetBelow(below, facts));
}
