import type { Dockerfile, InstructionNode } from '@strake/api';

/** The text of an instruction as it stands in its file; of one that stands for a part of another, or in a file with another escape character, what it says on one line. */
export function writtenText(node: InstructionNode, { file, source, included = {}, escape }: Dockerfile): string {
  const { range: { file: name, start, end } } = node;
  const text = name === file ? source : included[name];
  const lines = (text ?? '').split(/\r?\n/).slice(start.line - 1, end.line);
  const slice = [lines[0]?.slice(start.column - 1) ?? '', ...lines.slice(1)].join('\n').trimEnd();
  const isWhole = slice.toUpperCase().startsWith(node.keyword) && (node.escape ?? escape) === escape;
  return isWhole ? slice : oneLine(node, node.flags.map(({ raw }) => raw));
}

/** An instruction with other flags, on one line and with its here-documents. */
export function oneLine({ keyword, text, heredocs }: InstructionNode, flags: readonly string[]): string {
  const bodies = heredocs.map(({ content, raw = content, name }) => `\n${raw}${name}`).join('');
  return `${[keyword, ...flags, text].join(' ').trimEnd()}${bodies}`;
}
