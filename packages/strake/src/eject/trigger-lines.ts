import { DockerfileError, type DockerfileFacts, type InstructionFacts, type StageFacts } from '@strake/api';
import { plainLines, type Plain } from './plain-lines';
import { oneLine } from './written-text';

/**
 * What triggers of a stage add to its text. Those of its base come by themselves wherever the file is built; those that plugins put before the
 * stage's instructions are written out. Throws UNSUPPORTED for what cannot come out as it was.
 */
export function triggerLines(stage: StageFacts, all: DockerfileFacts, plain: Plain): readonly string[] {
  const triggers = stage.instructions.filter(({ trigger }) => trigger === true);
  const ofBase = [...baseTriggers(stage, all)];
  const added: string[] = [];
  for (const facts of triggers) {
    const at = ofBase.findIndex((text) => sameText(text, facts.node.original));
    if (at === -1) {
      added.push(...linesOf(facts, plain));
      continue;
    }
    ofBase.splice(at, 1);
    if (added.length > 0) throw unsayable(stage, 'what a plugin puts before the triggers of the base');
    if (plainLines(facts, plain) !== 'as written') throw unsayable(stage, `the trigger ${facts.node.original} of the base, which plugins know or change,`);
  }
  return added;
}

function linesOf(facts: InstructionFacts, plain: Plain): readonly string[] {
  const lines = plainLines(facts, plain);
  return lines === 'as written' ? [oneLine(facts.node, facts.node.flags.map(({ raw }) => raw))] : lines;
}

/** Those of the image, or of the stage, that a stage starts from. */
function baseTriggers({ image, parent }: StageFacts, { stages }: DockerfileFacts): readonly string[] {
  if (image !== undefined) return image.config?.config.OnBuild ?? [];
  const before = stages.find(({ index }) => index === parent);
  return before?.instructions.flatMap(({ trigger, lowered }) => (trigger === true ? [] : (lowered.config?.onBuild ?? []))) ?? [];
}

const sameText = (one: string, other: string): boolean => one.replace(/\s+/g, ' ').trim() === other.replace(/\s+/g, ' ').trim();

function unsayable({ node }: StageFacts, what: string): DockerfileError {
  return new DockerfileError('UNSUPPORTED', `${what} cannot be said in a plain Dockerfile`, { range: node.range });
}
