import { randomBytes } from 'node:crypto';
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

/** Writes a file under a name of its own and renames it: whoever is killed leaves the old file, or none. */
export async function writeAtomically(path: string, content: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.partial`;
  try {
    const fd = openSync(temporary, 'wx', 0o644);
    try {
      for await (const chunk of content) {
        for (let done = 0; done < chunk.length; ) done += writeSync(fd, chunk, done);
      }
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
