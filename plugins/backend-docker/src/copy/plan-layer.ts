import { posix } from 'node:path';
import type { ApplyOptions, CopyOp } from '@strake/api';
import { findOwner } from '@strake/oci';
import type { CopySource } from './apply-copy';
import { copyProgress } from './copy-progress';
import type { FileTarget } from './file-target';
import { repeatedDirectories, writeLayer, type LayerFile } from './layer-tar';
import { placeCopy } from './place-copy';
import { unknownName } from './unknown-name';

/** So few things are put into a container sooner than an engine takes a layer. */
const FEWEST = 500;

/** A copy that can be written as a layer. */
export interface LayerPlan {
  /** Writes it to a file that is not there yet. Throws CONTEXT_INVALID for what is not any more what the key was made of. */
  readonly write: (path: string) => LayerFile;
}

/** Undefined for few files but where an engine would lose some, and for a copy that depends on more of the tree than can be asked. Throws INVALID_ARGUMENTS for what stands in the way. */
export async function planLayer(op: CopyOp, source: CopySource, target: FileTarget, isFirst: boolean, options: ApplyOptions): Promise<LayerPlan | undefined> {
  const isEmpty = isFirst && target.isEmpty;
  if (op.unpack === true || (source.taken.length < FEWEST && !(isEmpty && makesMountPoints(op, source)))) return undefined;
  const owner = op.chown === undefined ? undefined : findOwner(await target.files.accounts(), op.chown, unknownName(target, options));
  const groups = await placeCopy({ op, ...source, owner }, target.files);
  const repeated = await repeatedDirectories(groups, (path) => target.read(path, options.signal), isEmpty);
  // Where it is done otherwise, directories that count as made are not there.
  target.files.forget();
  if (repeated === undefined) return undefined;
  const progress = copyProgress(source.taken, options);
  return { write: (path) => writeLayer(path, repeated, groups, { owner, chmod: op.chmod, progress }) };
}

/** Directories that an engine makes in every container: with the store of containerd one that is just like them is in no layer. */
function makesMountPoints({ destination }: CopyOp, { taken }: CopySource): boolean {
  return taken.some(({ type, path }) => type === 'directory' && /^\/(?:dev|proc|sys)\/?$/.test(posix.join('/', destination, path)));
}
