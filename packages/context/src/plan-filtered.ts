import type { Tree, TreeEntry } from './file-tree';
import type { Ignore, IgnoreVerdict } from './ignore';
import type { PlannedEntry } from './select-files';

/** What is taken of a directory. */
export interface Filter {
  /** Patterns of what is taken; absent: everything. */
  readonly include: Ignore | undefined;
  /** Patterns of what is left out, whatever `include` says. */
  readonly exclude: Ignore | undefined;
}

/** A directory on the way down, with what the patterns said about it. */
interface Visit {
  readonly children: Iterator<TreeEntry>;
  /** To be planned when something in it is; undefined once it was. */
  own: PlannedEntry | undefined;
  readonly included: IgnoreVerdict | undefined;
  readonly excluded: IgnoreVerdict | undefined;
}

/**
 * What a copy takes of a directory through patterns, which are relative to it. As in BuildKit's copier: the directory itself is
 * always taken; what matches is taken with all that is below; a directory that does not match is taken only for what
 * matches in it. Directories in which nothing can match are not read.
 */
export function* planFiltered(tree: Tree, group: number, top: TreeEntry, filter: Filter): Generator<PlannedEntry> {
  yield { group, entry: top, path: '', fromDirectory: true };
  const prefix = top.path === '' ? 0 : top.path.length + 1;
  const stack: Visit[] = [{ children: tree.children(top).values(), own: undefined, included: undefined, excluded: undefined }];
  for (let visit = stack.at(-1); visit !== undefined; visit = stack.at(-1)) {
    const next = visit.children.next();
    if (next.done === true) {
      stack.pop();
      continue;
    }
    const entry = next.value;
    const path = entry.path.slice(prefix);
    const included = filter.include?.step(path, visit.included);
    const excluded = filter.exclude?.step(path, visit.excluded);
    const taken = included?.ignored !== false && excluded?.ignored !== true;
    if (taken) {
      yield* planParents(stack);
      yield { group, entry, path, fromDirectory: true };
    }
    if (entry.type !== 'directory' || !mayTakeBelow(path, filter, included, excluded)) continue;
    const own = taken ? undefined : ({ group, entry, path, fromDirectory: true, implied: true } as const);
    stack.push({ children: tree.children(entry).values(), own, included, excluded });
  }
}

function* planParents(stack: readonly Visit[]): Generator<PlannedEntry> {
  for (const visit of stack) {
    if (visit.own !== undefined) yield visit.own;
    visit.own = undefined;
  }
}

function mayTakeBelow(path: string, { include, exclude }: Filter, included: IgnoreVerdict | undefined, excluded: IgnoreVerdict | undefined): boolean {
  if (excluded?.ignored === true && exclude?.mayShowBelow(path) !== true) return false;
  return included?.ignored !== false || include?.mayMatchBelow(path) === true;
}
