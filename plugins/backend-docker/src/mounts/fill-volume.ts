import { posix } from 'node:path';
import { DockerfileError, type ApplyOptions, type CopyOp } from '@strake/api';
import { encodeHeader, type Ids } from '@strake/oci';
import type { CopySource } from '../copy/apply-copy';
import { copyProgress } from '../copy/copy-progress';
import type { FileTarget } from '../copy/file-target';
import { placeCopy } from '../copy/place-copy';

/** Whether what a mount takes is a directory's content. */
export const isDirectory = ({ taken }: CopySource): boolean => taken[0]?.fromDirectory === true;

/** Writes what a mount takes into a container: with all its attributes, and those of a directory itself too. */
export async function fillFrom(source: CopySource, destination: string, target: FileTarget, options: ApplyOptions): Promise<void> {
  const op: Pick<CopyOp, 'destination' | 'chmod'> = { destination };
  const groups = await placeCopy({ op, ...source, owner: undefined }, target.files);
  const whole = groups.map((group) => ({ ...group, made: group.made.filter(({ path }) => path !== posix.normalize(destination)), isNew: true }));
  const progress = copyProgress(source.taken, options);
  await target.write(whole, { owner: undefined, chmod: undefined, progress }, { replace: true, signal: options.signal });
}

/** Sets mode and owner of a directory that is there. */
export async function giveDirectory(path: string, { mode, uid, gid }: Ids & { readonly mode: number }, target: FileTarget, signal: AbortSignal): Promise<void> {
  const header = encodeHeader({ path: Buffer.from(path.slice(1)), type: 'directory', mode: mode & 0o7777, uid, gid, size: 0, mtime: BigInt(Date.now()) * 1_000_000n });
  await target.put(Buffer.concat([header, Buffer.alloc(1024)]), { replace: false, signal });
}

/** What stands where nothing can be mounted. */
export function notDirectoryOf(source: string): DockerfileError {
  return new DockerfileError('INVALID_FLAG', `${source} is no directory: a cache cannot start with it`, { at: '--mount' });
}
