import { defineRule, type Fix, type InstructionFacts, type StageFacts } from '@strake/api';
import { pageOf } from './page-of';
import { plainProgram } from './plain-program';

/** CMD and ENTRYPOINT in shell form, where no SHELL was chosen. Of a base that is not to be had, none is assumed. */
export const jsonArgsRecommended = defineRule({
  name: 'JSONArgsRecommended',
  description: 'JSON arguments recommended for ENTRYPOINT/CMD to prevent unintended behavior related to OS signals',
  url: pageOf('json-args-recommended'),
  instruction(facts, stage) {
    const { node, instruction, view } = facts;
    if (node.keyword !== 'CMD' && node.keyword !== 'ENTRYPOINT') return [];
    const { form } = instruction.args as { readonly form: string };
    if (form !== 'shell' || (view.config.Shell ?? []).length > 0) return [];
    const fix = fixOf(facts, stage);
    return [{
      message: `JSON arguments recommended for ${node.written} to prevent unintended behavior related to OS signals`,
      ...(fix === undefined ? {} : { fix }),
    }];
  },
});

/** Only where no shell is needed, and where the other of the two does not say what the words mean. */
function fixOf({ node, view, trigger }: InstructionFacts, { instructions, image, parent }: StageFacts): Fix | undefined {
  const words = plainProgram(node.text);
  const other = node.keyword === 'CMD' ? 'ENTRYPOINT' : 'CMD';
  const { Cmd, Entrypoint } = view.config;
  const set = (node.keyword === 'CMD' ? Entrypoint : Cmd) ?? [];
  const unsure = parent !== undefined || (image !== undefined && image.config === undefined);
  if (words === undefined || trigger || unsure || set.length > 0 || instructions.some((one) => one.node.keyword === other)) return undefined;
  const { start } = node.segments[0]?.position === undefined ? node.range : { start: node.segments[0].position };
  const text = `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
  return { title: 'write the program as JSON', edits: [{ range: { ...node.range, start }, text }], changesImage: true };
}
