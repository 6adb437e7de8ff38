import { StrakeError, type Diagnostic, type DockerfileFacts, type InstructionFacts, type InstructionNode, type StageFacts } from '@strake/api';
import { createRegistry } from '@strake/core';
import type { BuildOptions } from '../build/build-options';
import { look } from '../check/check';
import { defaultPlugins } from '../builder/default-plugins';
import type { PrepareParts } from '../prepare/prepare';
import { plainLines, type Plain } from './plain-lines';
import { triggerLines } from './trigger-lines';
import { writtenText } from './written-text';

/** A Dockerfile that needs no plugin. */
export interface Ejected {
  readonly text: string;
  /** What the text leaves out or does in another way, with the place in the file that it was made from. */
  readonly notes: readonly Diagnostic[];
}

/**
 * The plain Dockerfile that a file with instructions of plugins amounts to: what is plain stays as it is written, the rest is told by what it was
 * lowered to, with the build arguments as they are given. Throws UNSUPPORTED, with its place, for what no plain instruction can say, and what checking throws.
 */
export async function eject(options: BuildOptions, parts: PrepareParts): Promise<Ejected> {
  const { facts, error, notes: missing } = await look(options, parts, true);
  if (error !== undefined) throw error;
  if (facts === undefined) return { text: '', notes: [] };
  const notes: Diagnostic[] = [...missing];
  const known = defaultPlugins.reduce((registry, plugin) => registry.use(plugin), createRegistry()).freeze().definitions;
  const { syntax } = parts.instructions;
  const plain: Plain = { known, syntax, escape: facts.file.escape, note: (message, { range }) => void notes.push({ code: 'Ejected', severity: 'warning', message, range }) };
  const [first] = facts.stages;
  const onGraph = parts.instructions.taps().find(({ hook }) => hook === 'graph')?.plugins ?? [];
  if (onGraph.length > 0 && first !== undefined) plain.note(`what plugins make of the finished graph is not in it: ${onGraph.join(', ')}`, first.node);
  const lines = [...headOf(facts, plain), ...facts.stages.flatMap((stage) => ['', ...stageLines(stage, facts, plain)])];
  return { text: `${lines.join('\n').replace(/^\n+/, '')}\n`, notes };
}

/** Directives, and what stands before the first stage. */
function headOf({ file, stages }: DockerfileFacts, plain: Plain): readonly string[] {
  const first = stages[0]?.node;
  const globals = file.instructions.slice(0, first === undefined ? 0 : file.instructions.indexOf(first));
  return [...file.directives.map(({ key, value }) => `# ${key}=${value}`), ...globals.flatMap((node) => writtenLines(node, file, plain))];
}

function stageLines(stage: StageFacts, all: DockerfileFacts, plain: Plain): readonly string[] {
  const { node, instructions } = stage;
  const { file } = all;
  const own = instructions.filter(({ trigger }) => trigger !== true);
  return [...writtenLines(node, file, plain), ...triggerLines(stage, all, plain), ...own.flatMap((facts) => instructionLines(facts, file, plain))];
}

function instructionLines(facts: InstructionFacts, file: DockerfileFacts['file'], plain: Plain): readonly string[] {
  try {
    const lines = plainLines(facts, plain);
    return lines === 'as written' ? writtenLines(facts.node, file, plain) : [...comments(facts.node), ...lines];
  } catch (error) {
    if (error instanceof StrakeError) error.range ??= facts.node.range;
    throw error;
  }
}

const writtenLines = (node: InstructionNode, file: DockerfileFacts['file'], { syntax }: Plain): readonly string[] => [...comments(node), writtenText(node, file, syntax)];
const comments = ({ comments: lines }: InstructionNode): readonly string[] => lines.filter((line) => !/^\w+\s*=/.test(line)).map((line) => `# ${line}`);
