import { OperatorError, StrakeError, suggest, type BuildGraph, type SourceProvider } from '@strake/api';

/** Refuses sources that nobody can bring, and those that their provider refuses, before anything runs. Throws UNSUPPORTED and what providers throw, with the position. */
export function checkSources({ vertices }: BuildGraph, sources: ReadonlyMap<string, SourceProvider>): void {
  for (const { ops, note } of vertices) {
    for (const op of ops) {
      if (op.type !== 'source' || op.scheme === 'image' || op.scheme === 'context') continue;
      try {
        (sources.get(op.scheme) ?? unknown(op.scheme, [...sources.keys()])).check(op);
      } catch (error) {
        if (error instanceof StrakeError) error.range ??= note.range;
        throw error;
      }
    }
  }
}

function unknown(scheme: string, known: readonly string[]): never {
  const near = suggest(scheme, known);
  throw new OperatorError('UNSUPPORTED', `there is no provider for sources of the scheme "${scheme}"`, { hint: near === undefined ? `Known: ${known.join(', ')}.` : `did you mean "${near}"?` });
}
