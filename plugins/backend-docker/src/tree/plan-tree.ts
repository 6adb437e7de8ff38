import { InternalError, type CopyOp } from '@strake/api';
import { planCopy, take, type TakenFile, type Tree } from '@strake/context';

/** What a copy takes of a tree whose entries are all known. Throws SOURCE_MISSING. */
export function planTree(tree: Tree, op: Pick<CopyOp, 'sources' | 'exclude' | 'parents' | 'optional'>, keepOwner: boolean): readonly TakenFile[] {
  return Array.from(planCopy(tree, op), (planned) => {
    const { facts } = planned.entry;
    if (facts === undefined) throw new InternalError(`nobody has read ${planned.entry.path}`);
    return take(planned, facts, keepOwner);
  });
}
