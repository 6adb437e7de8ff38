import { defineRule, type Diagnostic, type Dockerfile, type Finding, type SourceRange } from '@strake/api';
import { pageOf } from './page-of';

/** An empty line within an instruction that goes on. The parser finds them; it is reported at the last of the instruction's lines. */
export const noEmptyContinuation = defineRule({
  name: 'NoEmptyContinuation',
  description: 'Empty continuation lines will become errors in a future release',
  url: pageOf('no-empty-continuation'),
  file: ({ file }) => file.warnings.filter(({ code }) => code === 'NoEmptyContinuation').flatMap((warning) => findingOf(warning, file)),
});

function findingOf({ range }: Diagnostic, { source }: Dockerfile): readonly Finding[] {
  if (range === undefined) return [];
  const { file, start, end } = range;
  const lines = source.split('\n').slice(0, end.line);
  const empty = lines.flatMap((line, index) => (index + 1 >= start.line && line.trim() === '' ? [index + 1] : []));
  // Without a line after it there is nothing that it could be joined with.
  const edits = empty.filter((line) => line < end.line).map((line) => ({ range: wholeLine(file, line), text: '' }));
  return [{
    message: 'Empty continuation line',
    range: { file, start: { line: end.line, column: 1 }, end },
    hint: `remove the empty line ${start.line}`,
    ...(edits.length === 0 ? {} : { fix: { title: 'remove the empty lines', edits } }),
  }];
}

function wholeLine(file: string, line: number): SourceRange {
  return { file, start: { line, column: 1 }, end: { line: line + 1, column: 1 } };
}
