import { DockerfileError } from '@strake/api';
import type { InstructionNode } from '@strake/api';
import type { Lowering } from './lowering';
import { narrowRange } from './narrow-range';
import { stagesBefore, type Stage } from './stages';

/** Refuses what is wrong with any stage, needed or not: platforms, references, names in `--after` and stage numbers that can never be right. */
export function checkStages({ stages, images }: Lowering): void {
  for (const stage of stages) {
    if (stage.replaced) continue;
    images.platformOf(stage);
    stagesBefore(stage, stages);
    images.checkName(stage, stages);
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
