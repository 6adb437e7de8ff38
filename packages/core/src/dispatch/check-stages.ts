import { DockerfileError } from '@strake/api';
import type { InstructionNode } from '@strake/api';
import type { Lowering } from './lowering';
import { originFlags } from './origin-flags';
import { stagesBefore, type Stage } from './stages';

/** Refuses what is wrong with any stage, needed or not: platforms, references, names in `--after` and stage numbers that can never be right. */
export function checkStages({ stages, images }: Lowering): void {
  for (const stage of stages) {
    if (stage.replaced) continue;
    images.platformOf(stage);
    stagesBefore(stage, stages);
    images.checkName(stage, stages);
    for (const node of stage.body) checkNumbers(node, stages);
  }
}

function checkNumbers(node: InstructionNode, stages: readonly Stage[]): void {
  for (const { name, flag } of originFlags(node)) {
    if (!/^\d+$/.test(name) || Number(name) < stages.length) continue;
    throw new DockerfileError('UNKNOWN_STAGE', `invalid stage index ${name}`, { range: flag.range, hint: `the stages are numbered from 0 to ${stages.length - 1}` });
  }
}
