import { OperatorError, type InstructionFacts, type SourceRange, type StageFacts, type StepGraph } from '@strake/api';

/** Flags that the classic builder has too. */
const FLAGS: Readonly<Record<string, readonly string[]>> = { COPY: ['from', 'chown'], ADD: ['chown'], RUN: [] };

/** Refuses what has no place in the classic way of building: a text that it could not have must not be taken for one that it has. Throws UNSUPPORTED. */
export function checkBuild({ graph, facts }: StepGraph): void {
  const [result] = graph.results;
  if (graph.results.length > 1) throw refusal('several platforms at once', undefined, 'build each by itself');
  if (result?.clamp !== undefined) throw refusal('SOURCE_DATE_EPOCH and --reproducible', undefined, 'each instruction has an image with its own time; use the content cache');
  for (const stage of facts.stages) if (stage.lowered) checkStage(stage);
}

function checkStage({ base, image, parent, node, instructions }: StageFacts): void {
  if (image === undefined && parent === undefined && base !== 'scratch') throw refusal('a stage that begins with a directory', node.range, 'copy it into a stage');
  for (const instruction of instructions) checkInstruction(instruction);
}

function checkInstruction({ instruction: { keyword, heredocs }, node, lowered: { ops = [], link = false } }: InstructionFacts): void {
  const known = FLAGS[keyword];
  const other = known === undefined ? undefined : node.flags.find(({ name }) => !known.includes(name));
  if (other !== undefined) throw refusal(`--${other.name}`, other.range);
  if (heredocs.length > 0) throw refusal('a here-document', node.range);
  if (link) throw refusal('a layer that does not depend on those below it', node.range);
  for (const op of ops) {
    if (op.type === 'exec' && ((op.mounts ?? []).length > 0 || (op.scripts ?? []).length > 0)) throw refusal('a program with mounts', node.range);
    if (op.type === 'copy' && op.from.kind === 'source' && op.from.scheme === 'git') throw refusal('a git repository as a source', node.range);
  }
}

function refusal(what: string, range: SourceRange | undefined, hint = 'Docker\'s classic builder has none; use the content cache for it'): OperatorError {
  return new OperatorError('UNSUPPORTED', `${what} cannot be built in the classic way`, { hint, ...(range === undefined ? {} : { range }) });
}
