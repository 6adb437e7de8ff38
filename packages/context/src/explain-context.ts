import type { BuildContext, CopyOp, SelectedFile } from '@strake/api';

/** What one copy takes, for people. */
export interface ContextExplanation {
  readonly sources: readonly string[];
  /** Sorted by path, directories included. */
  readonly files: readonly SelectedFile[];
  /** Things that are no directories. */
  readonly count: number;
  /** Bytes. */
  readonly size: number;
  /** The ten largest files, largest first. */
  readonly largest: readonly SelectedFile[];
}

const MOST = 10;

/** Tells what each copy takes from a context. Throws as `select` does. */
export async function explainContext(context: BuildContext, ops: readonly CopyOp[]): Promise<readonly ContextExplanation[]> {
  const explanations: ContextExplanation[] = [];
  for (const op of ops) explanations.push(explain(op, (await context.select(op)).files));
  return explanations;
}

function explain(op: CopyOp, files: readonly SelectedFile[]): ContextExplanation {
  const things = files.filter(({ type }) => type !== 'directory');
  return {
    sources: op.sources,
    files,
    count: things.length,
    size: things.reduce((sum, { size }) => sum + size, 0),
    largest: things.filter(({ type }) => type === 'file').sort((left, right) => right.size - left.size).slice(0, MOST),
  };
}
