import { OperatorError } from '@strake/api';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeSync, type Dirent } from 'node:fs';
import { dirname, join } from 'node:path';
import { attempt, besideDestination, destinationError } from '../archive/destination';
import type { ByteSource } from '../compression/decompressed';
import { isIndex, parseManifest, type Index } from '../image/read-manifest';
import type { LayoutTarget } from './layout-target';

/**
 * A layout as a folder. It is made beside the destination; `commit` renames it, or moves its files into a layout that is
 * there already, the index last. Throws USAGE when the destination holds anything else.
 */
export function folderTarget(destination: string): LayoutTarget {
  const existing = existingIndex(destination);
  const staging = besideDestination(destination);
  attempt(destination, () => mkdirSync(staging));
  return {
    ...(existing === undefined ? {} : { existing }),
    add: async (path, _size, content) => {
      try {
        await writeFile(join(staging, path), content);
      } catch (error) {
        throw destinationError(error, destination);
      }
    },
    commit: async () =>
      attempt(destination, () => {
        if (existing === undefined) return renameSync(staging, destination);
        moveFiles(staging, destination);
        rmSync(staging, { recursive: true, force: true });
      }),
    abort: () => rmSync(staging, { recursive: true, force: true }),
  };
}

function existingIndex(destination: string): Index | undefined {
  const there = statSync(destination, { throwIfNoEntry: false });
  if (there?.isDirectory() === false) throw new OperatorError('USAGE', `${destination} is a file`, { hint: 'Name a folder, or write a file without tar=false.' });
  if (there === undefined || readdirSync(destination).length === 0) return undefined;
  if (!existsSync(join(destination, 'oci-layout'))) {
    throw new OperatorError('USAGE', `${destination} is a folder with other files`, { hint: 'Name a new or empty folder, or one with an OCI layout.' });
  }
  const index = parseManifest(readFileSync(join(destination, 'index.json')), join(destination, 'index.json'));
  if (!isIndex(index)) throw new OperatorError('IMAGE_INVALID', `${destination} has no valid index`);
  return index;
}

async function writeFile(path: string, content: ByteSource): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const fd = openSync(path, 'wx', 0o666);
  try {
    for await (const chunk of content) {
      for (let done = 0; done < chunk.length; ) done += writeSync(fd, chunk, done);
    }
  } finally {
    closeSync(fd);
  }
}

/** Blobs first: whatever the index names is there at any moment. */
function moveFiles(from: string, to: string): void {
  const last = (entry: Dirent): number => (entry.isDirectory() ? 0 : entry.name === 'index.json' ? 2 : 1);
  for (const entry of readdirSync(from, { withFileTypes: true }).sort((a, b) => last(a) - last(b))) {
    const target = join(to, entry.name);
    if (entry.isDirectory()) {
      mkdirSync(target, { recursive: true });
      moveFiles(join(from, entry.name), target);
    } else renameSync(join(from, entry.name), target);
  }
}
