import type { FlagNode, InstructionNode } from '@strake/api';
import { jsonForm } from './json-form';
import { rangeOf, sliceMapped, type MappedText } from './segments';
import { splitFlags, type SplitFlag } from './split-flags';
import { isBlank, skipSpaces, trimmedLength } from './whitespace';

/** Where an instruction stands that is not yet split. */
export interface Surroundings {
  readonly file: string;
  readonly escape: string;
  readonly comments: readonly string[];
}

/** Splits a joined line into keyword, flags and arguments; here-documents are not yet read. */
export function instructionNode(line: MappedText, around: Surroundings): InstructionNode {
  const start = skipSpaces(line.text);
  const end = Math.max(trimmedLength(line.text), start);
  let keywordEnd = start;
  while (keywordEnd < end && !isBlank(line.text[keywordEnd])) keywordEnd += 1;
  const { flags, rest } = splitFlags(line.text, keywordEnd, around.escape);
  const textStart = Math.min(rest, end);
  const argumentText = sliceMapped(line, textStart, end);
  const json = jsonForm(argumentText.text);
  const written = line.text.slice(start, keywordEnd);
  return {
    keyword: written.toUpperCase(),
    written,
    flags: flags.map((flag) => flagNode(flag, line, around.file)),
    ...argumentText,
    ...(json.kind === 'strings' ? { json: json.strings } : {}),
    heredocs: [],
    original: line.text,
    range: rangeOf(around.file, line.segments, start, end),
    keywordRange: rangeOf(around.file, line.segments, start, keywordEnd),
    comments: around.comments,
  };
}

/** The instruction that an instruction's arguments are, with positions and the here-documents of the outer one. */
export function subInstructionOf(node: InstructionNode, escape: string): InstructionNode {
  const inner = instructionNode(node, { file: node.range.file, escape, comments: node.comments });
  return { ...inner, heredocs: node.heredocs };
}

function flagNode({ raw, start, end }: SplitFlag, line: MappedText, file: string): FlagNode {
  const equals = raw.indexOf('=');
  const range = rangeOf(file, line.segments, start, end);
  if (equals < 0) return { name: raw.slice(2), raw, range };
  return { name: raw.slice(2, equals), value: raw.slice(equals + 1), raw, range };
}
