import type { LayoutTarget } from '../layout/layout-target';
import { fileBytes } from './byte-target';
import { destinationError } from './destination';
import { TarWriter, type Write } from './tar-writer';

/** A layout as a tar file: written under a temporary name in the destination's folder, renamed by `commit`. Throws USAGE, PERMISSION. */
export function tarFileTarget(destination: string): LayoutTarget {
  const bytes = fileBytes(destination);
  const write: Write = (chunk) => bytes.write(chunk);
  return {
    ...tarTarget(write, destination),
    abort: () => bytes.abort(),
    commit: async () => {
      await new TarWriter(write).end();
      bytes.commit();
    },
  };
}

/** Adds files to a tar, and folders before what is in them. `destination` is for errors. */
export function tarTarget(write: Write, destination: string): Pick<LayoutTarget, 'add'> {
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
