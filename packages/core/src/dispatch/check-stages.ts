import { DockerfileError } from '@strake/api';
import type { InstructionNode } from '@strake/api';
import { located } from './check-instructions';
import type { Lowering } from './lowering';
import { narrowRange } from './narrow-range';
import { baseStageOf, type Stage } from './stages';

/** Refuses what is wrong with any stage, needed or not: platforms, references and stage numbers that can never be right. */
export function checkStages({ stages, images, options: { checkReference, namedContexts, namedImages } }: Lowering): void {
  for (const stage of stages) {
    if (stage.replaced) continue;
    images.platformOf(stage);
    const { base } = stage.start;
    const isImage = base !== 'scratch' && !namedContexts.has(base) && namedImages?.has(base) !== true && baseStageOf(stage, stages) === undefined;
    if (isImage) located(stage.node, 'checkReference', () => checkReference?.(base), base);
    for (const node of stage.body) checkNumber(node, stages);
  }
}

function checkNumber(node: InstructionNode, stages: readonly Stage[]): void {
  const from = node.flags.find(({ name }) => name === 'from')?.value ?? '';
  if (!/^\d+$/.test(from) || Number(from) < stages.length) return;
  throw new DockerfileError('UNKNOWN_STAGE', `invalid stage index ${from}`, {
    range: narrowRange(node, 'from'),
    hint: `the stages are numbered from 0 to ${stages.length - 1}`,
  });
}
