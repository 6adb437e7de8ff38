import { closeSync, createReadStream, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '@strake/api';
import { attempt, besideDestination, destinationError } from '../archive/destination';
import { LayerUnpacker } from '../layer/layer-unpacker';
import { packLayer } from '../layer/pack-layer';
import type { CacheMountName } from '../store/cache-mounts';
import type { Store } from '../store/store';

/**
 * Writes a cache to a file: a tar with `name.json` and `0/data`, owners, modes and times kept. Throws STORE_BUSY while a program uses
 * it, USAGE and PERMISSION for the destination.
 */
export async function exportCache(store: Store, key: string, destination: string): Promise<void> {
  const name = store.mounts.list().find((cache) => cache.key === key)?.name;
  if (name === undefined) throw missing(key);
  const hold = store.mounts.tryHold(name, 'locked');
  if (hold === undefined) throw busy(name);
  const temporary = besideDestination(destination);
  try {
    writePacked(store.mounts.folder(key), temporary, destination);
    attempt(destination, () => renameSync(temporary, destination));
  } finally {
    hold.release();
    rmSync(temporary, { force: true });
  }
}

function writePacked(folder: string, temporary: string, destination: string): void {
  const fd = attempt(destination, () => openSync(temporary, 'wx', 0o600));
  try {
    packLayer(folder, (chunk) => {
      for (let done = 0; done < chunk.length; ) done += writeSync(fd, chunk, done);
    });
  } catch (error) {
    throw destinationError(error, destination);
  } finally {
    closeSync(fd);
  }
}

/**
 * Puts a cache that `exportCache` wrote into a store, in the place of one of the same name; with `id` under another one. Nothing in the
 * file leads out of the cache. Throws IMAGE_INVALID for another file, STORE_BUSY.
 */
export async function importCache(store: Store, file: string, id?: string): Promise<CacheMountName> {
  const folder = store.temporaryPath();
  mkdirSync(folder, { mode: 0o700 });
  try {
    await unpack(file, folder);
    const written = nameIn(folder, file);
    const name = id === undefined ? written : { ...written, id };
    if (!store.mounts.replace(name, join(folder, '0', 'data'))) throw busy(name);
    return name;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function unpack(file: string, folder: string): Promise<void> {
  const unpacker = new LayerUnpacker(folder, undefined, { whiteouts: false });
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) unpacker.write(chunk as Buffer);
    unpacker.end();
  } catch (error) {
    unpacker.abort();
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EISDIR') throw new OperatorError('USAGE', `${file} is no file with a cache`, { cause: error });
    throw error;
  }
}

function nameIn(folder: string, file: string): CacheMountName {
  try {
    const name = JSON.parse(readFileSync(join(folder, 'name.json'), 'utf8')) as Partial<CacheMountName> | null;
    if (typeof name?.id === 'string') return name as CacheMountName;
  } catch {
    // It is not the name of a cache, whatever it is.
  }
  throw new OperatorError('IMAGE_INVALID', `${file} holds no cache`, { hint: 'give a file that `strake cache export` wrote' });
}

function missing(key: string): OperatorError {
  return new OperatorError('USAGE', `there is no cache ${key}`, { hint: 'strake cache ls lists them' });
}

function busy({ id }: CacheMountName): OperatorError {
  return new OperatorError('STORE_BUSY', `the cache ${id} is in use by a program`, { hint: 'try again when it has ended' });
}
