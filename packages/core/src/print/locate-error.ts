import { StrakeError, type Dockerfile } from '@strake/api';
import { narrowRange } from '../dispatch/narrow-range';

/** Narrows the range of an error about an instruction to the flag or the argument that it names. */
export function locateError(error: unknown, { instructions }: Dockerfile): void {
  if (!(error instanceof StrakeError) || error.at === undefined || error.range === undefined) return;
  const { file, start } = error.range;
  const node = instructions.find(({ range }) => range.file === file && range.start.line === start.line && range.start.column === start.column);
  if (node !== undefined) error.range = narrowRange(node, error.at);
}
