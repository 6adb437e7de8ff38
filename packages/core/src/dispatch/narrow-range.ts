import type { InstructionNode, SourceRange } from '@strake/api';
import { rangeOf } from '../parser/segments';
import { splitByBlanks } from '../parser/split-words';

/** The place of a flag (by name, or as written) or of a piece of the arguments; the whole instruction when it has neither. */
export function narrowRange({ range, flags, text, segments }: InstructionNode, at: string): SourceRange {
  const flag = flags.find(({ raw }) => raw === at) ?? flags.find(({ name }) => name === at.replace(/^--/, ''));
  if (flag !== undefined) return flag.range;
  // A word is meant before a part of one: `a` in `COPY ab a`.
  const start = splitByBlanks(text).find((word) => word.text === at)?.start ?? text.indexOf(at);
  return at === '' || start < 0 ? range : rangeOf(range.file, segments, start, start + at.length);
}
