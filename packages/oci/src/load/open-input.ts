import { CancelledError, OperatorError } from '@strake/api';
import { closeSync, createReadStream, openSync, statSync, writeSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { decompressed } from '../compression/decompressed';
import { untilAborted } from '../compression/until-aborted';
import { storeError } from '../store/store-errors';
import { folderFiles } from './folder-files';
import { invalidImage, type InputFiles } from './input-files';
import { TarFiles } from './tar-files';

/** What is loaded, ready to be read in any order. */
export interface OpenInput {
  readonly files: InputFiles;
  /** The whole archive as a tar on disk; undefined for a folder. */
  readonly tar?: string;
}

/**
 * Opens a folder, an archive or a stream of one, compressed or not. An archive goes through to a folder, `scratch`, once: its files may
 * be needed in another order than they come. Throws IMAGE_MISSING, PERMISSION, IMAGE_INVALID, DISK_FULL, CANCELLED.
 */
export async function openInput(input: string | Readable, scratch: () => string, signal?: AbortSignal): Promise<OpenInput> {
  if (typeof input === 'string' && statInput(input).isDirectory()) return { files: folderFiles(input) };
  const stream = typeof input === 'string' ? createReadStream(input, { highWaterMark: 1 << 20 }) : input;
  const stop = (): void => void stream.destroy(new CancelledError());
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await spool(stream, typeof input === 'string' ? input : 'the input', join(scratch(), 'input.tar'), signal);
  } catch (error) {
    throw typeof input === 'string' ? inputError(error, input) : error;
  } finally {
    signal?.removeEventListener('abort', stop);
    stream.destroy();
  }
}

async function spool(stream: Readable, shown: string, file: string, signal: AbortSignal | undefined): Promise<OpenInput> {
  const tar = new TarFiles(shown);
  const fd = openSync(file, 'wx', 0o600);
  try {
    for await (const chunk of tar.watch(decompressed(untilAborted(stream, signal), shown))) {
      for (let done = 0; done < chunk.length; ) done += writeSync(fd, chunk, done);
    }
  } catch (error) {
    throw storeError(error, file);
  } finally {
    closeSync(fd);
  }
  if (tar.count === 0) throw invalidImage(shown, 'it is empty');
  return { files: tar.from(file), tar: file };
}

function statInput(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    throw inputError(error, path);
  }
}

function inputError(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new OperatorError('IMAGE_MISSING', `there is no file or folder ${path}`, { cause: error });
  if (code === 'EACCES') return new OperatorError('PERMISSION', `no permission to read ${path}`, { cause: error });
  return error;
}
