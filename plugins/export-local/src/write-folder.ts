import type { ExportRequest, ExportResult } from '@strake/api';
import { CancelledError, InternalError } from '@strake/api';
import { besideDestination, destinationError, LayerUnpacker, platformFolder, untilAborted } from '@strake/oci';
import { existsSync, mkdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LocalAttributes } from './attributes';
import { emptyFolder } from './empty-folder';
import { mergeInto } from './merge-into';
import { refuseCollisions } from './refuse-collisions';

/**
 * Writes the trees of a request into a folder, whole or not at all where it is new. They are unpacked apart first and then moved, so that a link
 * in an existing folder is replaced and never followed. As with buildx, whoever builds owns the files. Throws USAGE, PERMISSION, DISK_FULL, CANCELLED.
 */
export async function writeFolder(request: ExportRequest, { destination, mode, platformSplit }: LocalAttributes): Promise<ExportResult> {
  // On the same file system in any case: a folder that is there may be a mount.
  const real = existsSync(destination) ? realpathSync(destination) : undefined;
  let staging: string | undefined;
  try {
    if (real === undefined) mkdirSync(dirname(destination), { recursive: true });
    staging = real === undefined ? besideDestination(destination) : besideDestination(join(real, 'strake'));
    mkdirSync(staging);
    await unpackAll(request, staging, platformSplit ?? request.platforms !== undefined);
    if (real === undefined) renameSync(staging, destination);
    else {
      if (mode === 'delete') emptyFolder(real, staging);
      mergeInto(staging, real);
    }
  } catch (error) {
    throw destinationError(error, destination);
  } finally {
    if (staging !== undefined) rmSync(staging, { recursive: true, force: true });
  }
  return { path: destination };
}

async function unpackAll({ trees, images, platforms, signal }: ExportRequest, staging: string, split: boolean): Promise<void> {
  if (trees === undefined) throw new InternalError('files were asked for, but no tree was given');
  for (const [at, tree] of trees.entries()) {
    if (signal.aborted) throw new CancelledError();
    const folder = split || at > 0 ? join(staging, split ? platformFolder(platforms?.[at] ?? images[at]?.config) : `next${at}.partial`) : staging;
    if (folder !== staging) mkdirSync(folder);
    await unpack(untilAborted(tree(), signal), folder);
    if (split || at === 0) continue;
    refuseCollisions(folder, staging);
    mergeInto(folder, staging);
    rmSync(folder, { recursive: true });
  }
}

async function unpack(tar: AsyncIterable<Buffer>, folder: string): Promise<void> {
  const unpacker = new LayerUnpacker(folder, undefined, { whiteouts: false, owners: false });
  try {
    for await (const chunk of tar) unpacker.write(chunk);
    unpacker.end();
  } catch (error) {
    unpacker.abort();
    throw error;
  }
}
