import { wordsOf, type InstructionNode, type SourceRange } from '@strake/api';

/** Where a stage's name stands in `FROM base AS name`; the whole instruction when it has none. */
export function stageNameRange(node: InstructionNode): SourceRange {
  return wordsOf(node)[2]?.range ?? node.range;
}
