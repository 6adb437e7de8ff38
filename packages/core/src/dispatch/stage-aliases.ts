import { DockerfileError, StrakeError } from '@strake/api';
import { targetOf, type Stage } from './stages';

/** Names that stand for names: as in BuildKit more than this many are taken for a loop. */
const DEEPEST = 10;

/** Gives stages the names that stand for them: from a name to a stage's name or index, or to another such name. Throws UNKNOWN_STAGE, INVALID_STAGE. */
export function withAliases(stages: readonly Stage[], wanted: ReadonlyMap<string, string> = new Map()): readonly Stage[] {
  if (wanted.size === 0) return stages;
  const found = [...wanted.keys()].map((name) => ({ name, stage: stageBehind(name, stages, wanted) }));
  return stages.map((stage) => {
    const aliases = found.filter((one) => one.stage === stage).map(({ name }) => name);
    return aliases.length === 0 ? stage : { ...stage, aliases };
  });
}

function stageBehind(name: string, stages: readonly Stage[], wanted: ReadonlyMap<string, string>): Stage {
  const shown = `--build-context ${name}=target:${wanted.get(name) ?? ''}`;
  let at = name;
  for (let depth = 0; depth <= DEEPEST; depth += 1) {
    const next = wanted.get(at);
    if (next === undefined) return stageAt(at, stages, shown);
    at = next;
  }
  throw new DockerfileError('INVALID_STAGE', `${shown}: it leads through more than ${DEEPEST} names`, { hint: 'name a stage that no --build-context replaces' });
}

function stageAt(name: string, stages: readonly Stage[], shown: string): Stage {
  try {
    return targetOf(stages, name);
  } catch (error) {
    if (!(error instanceof StrakeError)) throw error;
    throw new DockerfileError(error.code, `${shown}: ${error.message}`, { ...(error.hint === undefined ? {} : { hint: error.hint }), notes: error.notes });
  }
}
