import { copyingOps, type Copying, type LoweredOp } from '@strake/api';
import { sourceOf, type RemoteFlags, type Source } from './check-sources';

/** What ADD copies: `unpack` is absent where it was not said, and then true for paths only. */
export type Adding = Omit<Copying, 'from' | 'unpack'> & { readonly flags: Copying['flags'] & RemoteFlags & { readonly unpack?: boolean } };

/** The sources in their order: neighbours that are paths are one copy, each source from outside is one of its own. Here-documents come last. */
export function addingOps({ args, heredocs, flags, workdir }: Adding): readonly LoweredOp[] {
  const { destination } = args;
  const groups = grouped(args.sources, flags);
  const ops = groups.flatMap(({ source, paths }) => {
    const unpack = flags.unpack ?? source.kind === 'path';
    const from = source.kind === 'path' ? { kind: 'context' as const } : source.from;
    return copyingOps({ from, args: { sources: paths, destination }, heredocs: [], flags, workdir, ...(unpack && source.kind !== 'git' ? { unpack } : {}) });
  });
  return [...ops, ...copyingOps({ from: { kind: 'context' }, args: { sources: [], destination }, heredocs, flags, workdir })];
}

interface Group {
  readonly source: Source;
  readonly paths: readonly string[];
}

function grouped(sources: readonly string[], flags: RemoteFlags): readonly Group[] {
  const groups: Group[] = [];
  for (const written of sources) {
    const source = sourceOf(written, flags);
    const last = groups.at(-1);
    if (source.kind === 'path' && last?.source.kind === 'path') groups[groups.length - 1] = { source, paths: [...last.paths, written] };
    else groups.push({ source, paths: [source.kind === 'path' ? written : source.kind === 'http' ? literal(source.name) : '.'] });
  }
  return groups;
}

/** A file's name is no pattern. Where it looks like one it becomes one that means itself: a class each, because a backslash alone does not make a path a pattern. */
const literal = (name: string): string => (/[*?[]/.test(name) ? name.replace(/[*?[]|\\/g, (found) => (found === '\\' ? '\\\\' : `[${found}]`)) : name);
