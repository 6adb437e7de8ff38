import { readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** The directories that were made for one program. */
export interface GroupRecord {
  /** Its groups: all in them goes too. */
  readonly own: readonly string[];
  /** Groups above them that were not there before, highest first; others may use them by now. */
  readonly above: readonly string[];
}

const TRIES = 100;
const PAUSE_MILLISECONDS = 10;

/** Removes the control groups that a record lists, and the record. Nothing happens when there is none. */
export function removeGroups(record: string): void {
  const { own, above } = readGroups(record);
  for (const directory of own) removeTree(directory);
  for (const directory of [...above].reverse()) remove(directory);
  rmSync(record, { force: true });
}

function readGroups(record: string): GroupRecord {
  try {
    return JSON.parse(readFileSync(record, 'utf8')) as GroupRecord;
  } catch {
    return { own: [], above: [] };
  }
}

/** A runtime may have made groups of its own in it. */
function removeTree(directory: string): void {
  for (const name of foldersIn(directory)) removeTree(join(directory, name));
  for (let left = TRIES; left > 0 && remove(directory) === 'EBUSY'; left -= 1) {
    // A process that was killed leaves its group a moment later; the thread that waits has nothing else to do.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MILLISECONDS);
  }
}

function foldersIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch {
    return [];
  }
}

/** The reason why it is still there, or undefined. */
function remove(directory: string): string | undefined {
  try {
    rmdirSync(directory);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}
