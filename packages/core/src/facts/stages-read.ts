import type { InstructionFacts, LoweredOp, Origin, StageFacts } from '@strake/api';

/** The indices of the stages whose files instructions read, in order, each once. */
export function stagesRead(instructions: readonly InstructionFacts[], stages: readonly Pick<StageFacts, 'index' | 'name'>[]): readonly number[] {
  const found = instructions.flatMap(({ lowered }) => (lowered.ops ?? []).flatMap(originsOf)).flatMap((origin) => {
    if (origin.kind !== 'named') return [];
    const named = stages.findLast(({ name }) => name === origin.name.toLowerCase());
    return named?.index ?? (/^\d+$/.test(origin.name) ? Number(origin.name) : []);
  });
  return [...new Set(found)];
}

function originsOf(op: LoweredOp): readonly Origin[] {
  switch (op.type) {
    case 'copy':
      return [op.from];
    case 'merge':
      return op.from;
    case 'exec':
      return (op.mounts ?? []).flatMap((mount) => (mount.type === 'bind' ? [mount.from] : mount.type === 'cache' && mount.from !== undefined ? [mount.from.origin] : []));
    default:
      return [];
  }
}
