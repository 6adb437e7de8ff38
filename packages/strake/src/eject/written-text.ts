import type { Dockerfile, InstructionNode } from '@strake/api';
import { parseDockerfile, type Instructions } from '@strake/core';

/**
 * The text of an instruction as it stands in its file, as long as it says the instruction; of one that plugins changed, that stands for a part of
 * another, or in a file with another escape character, what it says on one line.
 */
export function writtenText(node: InstructionNode, { file, source, included = {}, escape }: Dockerfile, syntax: Instructions['syntax']): string {
  const { range: { file: name, start, end } } = node;
  const text = name === file ? source : included[name];
  const lines = (text ?? '').split(/\r?\n/).slice(start.line - 1, end.line);
  const slice = [lines[0]?.slice(start.column - 1) ?? '', ...lines.slice(1)].join('\n').trimEnd();
  const isSaid = (node.escape ?? escape) === escape && says(slice, node, escape, syntax);
  return isSaid ? slice : oneLine(node, node.flags.map(({ raw }) => raw));
}

/** Whether a text is an instruction, and nothing else. */
function says(text: string, node: InstructionNode, escape: Dockerfile['escape'], syntax: Instructions['syntax']): boolean {
  try {
    const { instructions } = parseDockerfile(`# escape=${escape}\n${text}\n`, { file: node.range.file, syntax });
    return instructions.length === 1 && meaning(instructions[0] as InstructionNode) === meaning(node);
  } catch {
    return false;
  }
}

function meaning({ keyword, text, flags, heredocs }: InstructionNode): string {
  return JSON.stringify([keyword, text, flags.map(({ raw }) => raw), heredocs.map(({ name, written, content }) => [name, written, content])]);
}

/** An instruction with other flags, on one line and with its here-documents. */
export function oneLine({ keyword, text, heredocs }: InstructionNode, flags: readonly string[]): string {
  const bodies = heredocs.map(({ content, raw = content, name }) => `\n${raw}${name}`).join('');
  return `${[keyword, ...flags, text].join(' ').trimEnd()}${bodies}`;
}
