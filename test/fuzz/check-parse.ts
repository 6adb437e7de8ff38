import { DockerfileError, type SourceRange } from '@strake/api';
import { decodeText, parseArguments, parseDockerfile, type Instructions } from '@strake/core';

/**
 * Parses bytes, and the arguments of every instruction, and holds the outcome to what is promised: an AST or a typed error, all
 * of whose ranges lie in the file. Answers whether it was an AST. Throws an Error that says what was broken.
 */
export function checkParse(bytes: Buffer, { table, syntax }: Instructions): boolean {
  const lines = decodeText(bytes).replace(/^\ufeff/, '').split('\n');
  const within = (range: SourceRange | undefined): void => {
    if (range === undefined || !isWithin(range, lines)) throw new Error(`a range outside of the file: ${JSON.stringify(range)}`);
  };
  try {
    const file = parseDockerfile(bytes, { file: 'Dockerfile', syntax });
    for (const { range } of file.warnings) within(range);
    for (const node of file.instructions) {
      for (const { range } of [node, { range: node.keywordRange }, ...node.flags, ...node.heredocs]) within(range);
      const definition = table.get(node.keyword);
      if (definition !== undefined) refusing(within, () => void parseArguments(node, definition.args, file.escape));
    }
    return true;
  } catch (error) {
    if (!(error instanceof DockerfileError)) throw error;
    within(error.range);
    return false;
  }
}

function refusing(within: (range: SourceRange | undefined) => void, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof DockerfileError)) throw error;
    within(error.range);
  }
}

function isWithin({ start, end }: SourceRange, lines: readonly string[]): boolean {
  const inside = ({ line, column }: SourceRange['start']): boolean => line >= 1 && line <= Math.max(1, lines.length) && column >= 1 && column <= (lines[line - 1] ?? '').length + 1;
  return inside(start) && inside(end) && (start.line < end.line || (start.line === end.line && start.column <= end.column));
}
