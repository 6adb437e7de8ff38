/** The described Dockerfile for people: `line:column KEYWORD text`, a line an instruction. Reads only fields that every version of the description has. */
export function parseText(described: unknown): string {
  const { instructions } = described as { readonly instructions: readonly DescribedInstruction[] };
  return instructions.map(({ range, original }) => `${range.start.line}:${range.start.column} ${original}`).join('\n');
}

interface DescribedInstruction {
  readonly original: string;
  readonly range: { readonly start: { readonly line: number; readonly column: number } };
}
