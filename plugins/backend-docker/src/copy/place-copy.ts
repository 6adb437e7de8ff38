import { posix } from 'node:path';
import { octalMode, type CopyOp } from '@strake/api';
import type { TakenFile } from '@strake/context';
import type { Ids } from '@strake/oci';
import type { CopyReader } from './copy-reader';
import type { MadeDirectory, PlacedGroup } from './copy-tar';
import { conflict, notDirectory } from './conflict';
import { refuseMarks } from './refuse-marks';
import type { TargetFiles } from './target-files';

/** What is to be placed: the things of one reader, and whose they become. */
export interface Placing {
  readonly op: Pick<CopyOp, 'destination' | 'chmod'>;
  readonly taken: readonly TakenFile[];
  readonly reader: CopyReader;
  readonly owner: Ids | undefined;
  /** What stands in the way gives way, as for an archive's entries. */
  readonly replace?: boolean;
  /** Whether a directory stands there only because of what is in it. */
  readonly isImplied?: (file: TakenFile) => boolean;
}

/** Finds where each source of a copy goes, as BuildKit's copier does, and which directories have to be made for it. Throws INVALID_ARGUMENTS, UNSUPPORTED. */
export async function placeCopy(placing: Placing, files: TargetFiles): Promise<readonly PlacedGroup[]> {
  const groups = new Map<number, TakenFile[]>();
  for (const file of placing.taken) {
    const group = groups.get(file.group);
    if (group === undefined) groups.set(file.group, [file]);
    else group.push(file);
  }
  const placed: PlacedGroup[] = [];
  for (const group of groups.values()) placed.push(await placeGroup(group, placing, files));
  placed.forEach(refuseMarks);
  return placed;
}

async function placeGroup(group: readonly TakenFile[], placing: Placing, files: TargetFiles): Promise<PlacedGroup> {
  const { op: { destination, chmod }, reader, owner } = placing;
  const [first] = group;
  // Clauses have nothing there to change; a folder that is only on the way is for its owner to write.
  const mode = ((chmod === undefined ? undefined : octalMode(chmod)) ?? 0o755) & 0o755;
  const options = { mode, uid: owner?.uid ?? 0, gid: owner?.gid ?? 0, shown: destination };
  const isFolder = destination.endsWith('/') || destination.endsWith('/.');
  const made = [...(await missingDirectories(isFolder ? destination : posix.dirname(destination), files, options))];
  const place = await files.resolve(destination);
  const kind = await files.kind(place);
  if (first?.fromDirectory !== true) {
    const target = kind === 'directory' ? posix.join(place, first?.path ?? '') : place;
    if (placing.replace !== true && (await files.kind(target)) === 'directory') throw conflict(`cannot replace to directory ${target} with file`);
    return { files: group, target, isNew: false, made, reader, kept: new Set() };
  }
  if (kind === 'other') throw conflict(`cannot copy to non-directory: ${place}`);
  if (kind === undefined) made.push(...(await missingDirectories(destination, files, options)));
  const isNew = made.some(({ path }) => path === place);
  return { files: group, target: place === '/' ? '' : place, isNew, made, reader, kept: await keptDirectories(group, place, placing, files) };
}

/** The directories of a path that are not there, parents first. Afterwards they count as there. */
export async function missingDirectories(path: string, files: TargetFiles, { shown, ...attributes }: Omit<MadeDirectory, 'path'> & { readonly shown: string }): Promise<readonly MadeDirectory[]> {
  const made: MadeDirectory[] = [];
  for (let place = await files.resolve(path); ; place = posix.dirname(place)) {
    const kind = await files.kind(place);
    if (kind === 'other') throw notDirectory(shown);
    if (kind === 'directory') break;
    made.unshift({ path: place, ...attributes });
  }
  for (const { path: place } of made) files.made(place);
  return made;
}

/** Directories that are taken only for what is in them stay as they are where they exist. */
async function keptDirectories(group: readonly TakenFile[], place: string, { isImplied }: Placing, files: TargetFiles): Promise<ReadonlySet<string>> {
  const kept = new Set<string>();
  for (const file of group) {
    if (file.type !== 'directory' || file.path === '' || (file.implied !== true && isImplied?.(file) !== true)) continue;
    if ((await files.kind(await files.resolve(posix.join(place, file.path)))) === 'directory') kept.add(file.path);
  }
  return kept;
}
