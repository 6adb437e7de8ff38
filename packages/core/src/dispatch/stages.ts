import { DockerfileError } from '@strake/api';
import type { Dockerfile, InstructionNode, StageStart } from '@strake/api';
import { suggest } from '../print/suggest';
import { narrowRange } from './narrow-range';
import { originFlags, originRange } from './origin-flags';

/** A stage before it is lowered. `start` has its base and platform expanded with the global build arguments. */
export interface Stage {
  readonly index: number;
  readonly node: InstructionNode;
  readonly start: StageStart;
  readonly body: readonly InstructionNode[];
  /** A named context of the stage's name takes the stage's place: nothing of its text counts. */
  readonly replaced?: boolean;
  /** Names that stand for it besides its own, and go before those of other stages. */
  readonly aliases?: readonly string[];
}

/** The instructions before the first stage, and those of each stage after its first. */
export function splitStages(dockerfile: Dockerfile, starts: (keyword: string) => boolean) {
  const globals: InstructionNode[] = [];
  const stages: { readonly node: InstructionNode; readonly body: InstructionNode[] }[] = [];
  for (const node of dockerfile.instructions) {
    if (starts(node.keyword)) stages.push({ node, body: [] });
    else (stages.at(-1)?.body ?? globals).push(node);
  }
  return { globals, stages };
}

/** The stage that a name was given to from outside, else the last one of that name among `stages`. */
export function stageByName(stages: readonly Stage[], name: string): Stage | undefined {
  return stageByAlias(stages, name) ?? stages.findLast((stage) => stage.start.name === name.toLowerCase());
}

const stageByAlias = (stages: readonly Stage[], name: string): Stage | undefined => stages.find(({ aliases }) => aliases?.includes(name));

/** The stage that a stage starts from, or undefined when its base is no earlier stage. As in BuildKit case counts here, unlike in `--from`. Throws INVALID_STAGE for a name given to a stage that is no earlier one. */
export function baseStageOf(stage: Stage, stages: readonly Stage[]): Stage | undefined {
  if (stage.replaced) return undefined;
  const { base } = stage.start;
  const other = stageByAlias(stages, base);
  if (other !== undefined && other.index >= stage.index) {
    const message = `${base} stands for stage "${stageLabel(other)}", which needs to be defined before stage "${stageLabel(stage)}"`;
    throw new DockerfileError('INVALID_STAGE', message, { range: stage.node.range });
  }
  if (other !== undefined) return other;
  for (let index = stage.index - 1; index >= 0; index -= 1) if (stages[index]?.start.name === base) return stages[index];
  return undefined;
}

/** The target: the last stage, or that of a name or an index. Throws UNKNOWN_STAGE. */
export function targetOf(stages: readonly Stage[], target: string | undefined): Stage {
  const found = target === undefined || target === '' ? stages.at(-1) : (stageByName(stages, target) ?? (/^\d+$/.test(target) ? stages[Number(target)] : undefined));
  if (found !== undefined) return found;
  const names = stages.map(({ start, index }) => start.name ?? String(index));
  const near = suggest(target ?? '', names);
  throw new DockerfileError('UNKNOWN_STAGE', `target stage "${target}" could not be found`, {
    ...(near === undefined ? {} : { hint: `did you mean ${near}?` }),
    notes: [`the stages are: ${names.join(', ')}`],
  });
}

/** Refuses stages that need each other, and copies from a later stage, with the place of what needs it. */
export function checkCycles(stages: readonly Stage[]): void {
  for (const stage of stages) visit(stage, stages, []);
}

/** The stages that `FROM --after` names. Throws UNKNOWN_STAGE, and INVALID_STAGE for one that is not earlier. */
export function stagesBefore({ index, start: { after = [] }, node, replaced }: Stage, stages: readonly Stage[]): readonly Stage[] {
  if (replaced) return [];
  return after.map((name) => {
    const found = stageByName(stages.slice(0, index), name) ?? stageByName(stages, name) ?? (/^\d+$/.test(name) ? stages[Number(name)] : undefined);
    const range = narrowRange(node, 'after');
    if (found === undefined) throw new DockerfileError('UNKNOWN_STAGE', `stage "${name}" in --after could not be found`, { range, ...suggestion(name, stages) });
    if (found.index < index) return found;
    throw new DockerfileError('INVALID_STAGE', `stage "${name}" in --after needs to be defined before the stage that comes after it`, { range });
  });
}

function suggestion(name: string, stages: readonly Stage[]): { readonly hint?: string } {
  const near = suggest(name, stages.flatMap(({ start }) => start.name ?? []));
  return near === undefined ? {} : { hint: `did you mean ${near}?` };
}

function visit(stage: Stage, stages: readonly Stage[], path: readonly Stage[]): void {
  for (const { stage: needed, node, name } of needs(stage, stages)) {
    if (needed === stage || path.includes(needed)) {
      throw new DockerfileError('INVALID_STAGE', `circular dependency detected on stage: ${stageLabel(needed)}`, { range: originRange(node, name) });
    }
    visit(needed, stages, [...path, stage]);
  }
}

/** A stage that another one needs, and the instruction that says so, by the name that it has there. */
interface Need {
  readonly stage: Stage;
  readonly node: InstructionNode;
  readonly name: string;
}

function needs(stage: Stage, stages: readonly Stage[]): readonly Need[] {
  if (stage.replaced) return [];
  const base = baseStageOf(stage, stages);
  const reads = stage.body.flatMap((node) => originFlags(node).flatMap(({ name }) => {
    const source = stageByName(stages, name) ?? (/^\d+$/.test(name) ? stages[Number(name)] : undefined);
    return source === undefined ? [] : [{ stage: source, node, name }];
  }));
  const before = stagesBefore(stage, stages).map((earlier) => ({ stage: earlier, node: stage.node, name: stageLabel(earlier) }));
  return base === undefined ? [...reads, ...before] : [{ stage: base, node: stage.node, name: stage.start.base }, ...reads, ...before];
}

/** The name, or `stage-<index>`. */
export function stageLabel({ start, index }: Stage): string {
  return start.name ?? `stage-${index}`;
}

/** The lower-cased name in `FROM base AS name`, before anything is expanded. */
export function writtenName(node: InstructionNode | undefined): string | undefined {
  return node?.text.match(/\sas\s+(\S+)$/i)?.[1]?.toLowerCase();
}

/** Whether steps say their stage: not those of a file's only stage, unless it copies from elsewhere. BuildKit's rule. */
export function isNamedInSteps(stages: readonly Stage[]): boolean {
  return stages.length > 1 || stages.some(({ body }) => body.some(({ flags }) => flags.some(({ name }) => name === 'from' || name === 'mount')));
}

/** A stage and all that it needs, as far as the text tells. */
export function stagesNeededBy(target: Stage, stages: readonly Stage[]): ReadonlySet<Stage> {
  const found = new Set([target]);
  // A set that grows while it is walked is walked to its end.
  for (const stage of found) needs(stage, stages).forEach((need) => found.add(need.stage));
  return found;
}
