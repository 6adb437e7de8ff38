import { DockerfileError, type AnyInstructionDefinition, type Instruction, type InstructionFacts, type InstructionNode, type Lowered } from '@strake/api';
import { canonicalJson, type Instructions } from '@strake/core';
import { configLines } from './config-lines';
import { opLines } from './op-lines';
import { oneLine } from './written-text';

/** What lines are made with. */
export interface Plain {
  /** The language's own instructions. */
  readonly known: ReadonlyMap<string, AnyInstructionDefinition>;
  /** How instructions of the file are parsed. */
  readonly syntax: Instructions['syntax'];
  readonly escape: '\\' | '`';
  readonly note: (message: string, node: InstructionNode) => void;
}

/** The lines that say what an instruction was lowered to, or that it can stay as it is. Throws UNSUPPORTED. */
export function plainLines({ node, instruction, view, lowered }: InstructionFacts, plain: Plain): readonly string[] | 'as written' {
  const { reuse, attempts, ...work } = lowered;
  const definition = plain.known.get(node.keyword);
  const own = (name: string) => definition?.flags?.[name] !== undefined || definition?.refusedFlags?.[name] !== undefined;
  const simple = definition !== undefined && sameWork(definition, { ...instruction, flags: Object.fromEntries(Object.entries(instruction.flags).filter(([name]) => own(name))) }, view, work);
  if (simple && node.flags.every(({ name }) => own(name))) {
    noteTriggers(lowered, node, plain);
    return 'as written';
  }
  if (reuse !== undefined || attempts !== undefined) plain.note('what it asks of caching and attempts is left out', node);
  if (simple) return [oneLine(node, node.flags.filter(({ name }) => own(name)).map(({ raw }) => raw))];
  if (lowered.aside === true) return left(plain, node, 'it is left out: nothing of it is in the image');
  if (lowered.squash !== undefined) return left(plain, node, 'it is left out: the layers of its range stay several');
  if (lowered.stage !== undefined) throw new DockerfileError('UNSUPPORTED', `${node.keyword} begins a stage, which only FROM can do in a plain Dockerfile`);
  const ops = opLines(lowered, { view, node, escape: plain.escape, note: (message) => plain.note(message, node) });
  if (ops.length > 1) plain.note(`its layer becomes ${ops.length}`, node);
  return [...ops, ...configLines(lowered, plain.escape), ...(lowered.args ?? []).map(({ name, value }) => `ARG ${name}${value === undefined ? '' : `=${value}`}`)];
}

/** A trigger is text until a build starts from the image, and then it may need what the file needed. */
function noteTriggers({ config: { onBuild = [] } = {} }: Lowered, node: InstructionNode, { known, note }: Plain): void {
  for (const text of onBuild) {
    const keyword = text.trim().split(/\s/, 1)[0]?.toUpperCase() ?? '';
    if (!known.has(keyword)) note(`builds on the image need what knows ${keyword}`, node);
  }
}

function left({ note }: Plain, node: InstructionNode, message: string): readonly string[] {
  note(message, node);
  return [];
}

/** Whether the language's own instruction would be lowered to the same, but for the history. */
function sameWork(definition: AnyInstructionDefinition, instruction: Instruction, view: InstructionFacts['view'], work: Lowered): boolean {
  try {
    return canonicalJson(comparable(definition.lower(instruction, view))) === canonicalJson(comparable(work));
  } catch {
    return false;
  }
}

const comparable = (work: Lowered): unknown => ({ ...work, history: null, warnings: [] });
