import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { ApplyOptions, CopyOp } from '@strake/api';
import type { TakenFile } from '@strake/context';
import { findOwner, tarOf, type Ids } from '@strake/oci';
import { planTree } from '../tree/plan-tree';
import { TarTree } from '../tree/tar-tree';
import { copyProgress } from './copy-progress';
import type { CopyReader } from './copy-reader';
import type { PlacedGroup } from './copy-tar';
import { placeCopy } from './place-copy';
import { unknownName } from './unknown-name';
import type { FileTarget } from './file-target';
import { TreeReader } from './tree-reader';

/** What a copy takes, and how it is read. */
export interface CopySource {
  readonly taken: readonly TakenFile[];
  readonly reader: CopyReader;
  /** Where a taken file of a context is on this machine; absent for what is not a file here. */
  readonly pathOf?: (file: TakenFile) => string;
}

/** Copies into a container. Archives are read beside it first, so that no name or link in one decides where something is written. */
export async function applyCopy(op: CopyOp, source: CopySource, target: FileTarget, options: ApplyOptions): Promise<void> {
  const owner = op.chown === undefined ? undefined : findOwner(await target.files.accounts(), op.chown, unknownName(target, options));
  if (op.unpack === true) return addTaken(op, source, owner, target, options);
  await write(op, await placeCopy({ op, ...source, owner }, target.files), owner, target, { options, taken: source.taken });
}

interface Writing {
  readonly options: ApplyOptions;
  readonly taken: readonly TakenFile[];
  readonly replace?: boolean;
}

async function write({ chmod }: Pick<CopyOp, 'chmod'>, groups: readonly PlacedGroup[], owner: Ids | undefined, target: FileTarget, { options, taken, replace }: Writing): Promise<void> {
  const progress = copyProgress(taken, options);
  await target.write(groups, { owner, chmod, progress }, { replace: replace === true, signal: options.signal });
}

/** What an ADD has taken, in the order of the sources: archives are unpacked, the rest is copied. `--chmod` is for nothing in an archive. */
async function addTaken(op: CopyOp, source: CopySource, owner: Ids | undefined, target: FileTarget, options: ApplyOptions): Promise<void> {
  let plain: TakenFile[] = [];
  const flush = async (): Promise<void> => {
    if (plain.length > 0) await write(op, await placeCopy({ op, ...source, taken: plain, owner }, target.files), owner, target, { options, taken: plain });
    plain = [];
  };
  for (const file of source.taken) {
    const tar = file.type === 'file' && !file.fromDirectory ? await archiveOf(file, source, target) : undefined;
    if (tar === undefined) {
      plain.push(file);
      continue;
    }
    await flush();
    await unpack(op, tar, owner, target, options);
  }
  await flush();
}

/** An archive of a context is a file here; one of another tree is put into a file first. */
async function archiveOf(file: TakenFile, { pathOf, reader }: CopySource, target: FileTarget): Promise<AsyncIterable<Buffer> | undefined> {
  if (pathOf !== undefined) return tarOf(pathOf(file));
  return tarOf(await target.scratchFile(reader.content(file, file.size)));
}

async function unpack(op: CopyOp, tar: AsyncIterable<Buffer>, owner: Ids | undefined, target: FileTarget, options: ApplyOptions): Promise<void> {
  const tree = new TarTree(join(target.scratch, `archive-${randomBytes(6).toString('hex')}`));
  try {
    await tree.add(tar);
    const all = { sources: ['/'], destination: op.destination };
    const taken = planTree(tree, all, true);
    const isImplied = ({ source }: TakenFile): boolean => tree.find(source)?.implied === true;
    const groups = await placeCopy({ op: all, taken, reader: new TreeReader(tree), owner, replace: true, isImplied }, target.files);
    await write({}, groups, owner, target, { options, taken, replace: true });
  } finally {
    tree.close();
  }
}
