import { closeSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { LayoutTarget } from '../layout/layout-target';
import { attempt, besideDestination, destinationError } from './destination';
import { TarWriter, type Write } from './tar-writer';

/** A layout as a tar file: written under a temporary name in the destination's folder, renamed by `commit`. Throws USAGE, PERMISSION. */
export function tarFileTarget(destination: string): LayoutTarget {
  const temporary = besideDestination(destination);
  const fd = attempt(destination, () => {
    if (statSync(destination, { throwIfNoEntry: false })?.isDirectory() === true) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    return openSync(temporary, 'wx', 0o666);
  });
  const write: Write = (chunk) => {
    for (let done = 0; done < chunk.length; ) done += writeSync(fd, chunk, done);
  };
  let open = true;
  const close = (): void => {
    if (open) closeSync(fd);
    open = false;
  };
  return {
    ...tarTarget(write, destination),
    abort() {
      close();
      rmSync(temporary, { force: true });
    },
    commit: async () => {
      await new TarWriter(write).end();
      close();
      attempt(destination, () => renameSync(temporary, destination));
    },
  };
}

/** A layout as a tar that is written to a stream as it is made. The stream is not ended: standard output never is. */
export function tarStreamTarget(stream: Writable): LayoutTarget {
  let failure: Error | undefined;
  // A reader that has gone away is an error of the next write, not of the process.
  const onError = (error: Error): void => void (failure ??= error);
  stream.on('error', onError);
  const write: Write = async (chunk) => {
    if (failure !== undefined) throw failure;
    if (!stream.write(chunk)) await once(stream, 'drain');
  };
  return {
    ...tarTarget(write, 'the output'),
    abort: () => void stream.off('error', onError),
    commit: async () => {
      await new TarWriter(write).end();
      stream.off('error', onError);
    },
  };
}

function tarTarget(write: Write, destination: string): Pick<LayoutTarget, 'add'> {
  const writer = new TarWriter(write);
  const folders = new Set<string>();
  return {
    add: async (path, size, content) => {
      try {
        for (const folder of parentsOf(path)) {
          if (!folders.has(folder)) await writer.directory(folder);
          folders.add(folder);
        }
        await writer.file(path, size, content);
      } catch (error) {
        throw destinationError(error, destination);
      }
    },
  };
}

function parentsOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}
