import type { BigIntStats } from 'node:fs';
import { digestCopy } from './digest-copy';
import type { TakenFile } from '@strake/context';
import { changed } from './changed';

/** File systems keep change times by a coarse clock: this many milliseconds of doubt. */
const CLOCK = 50;

/**
 * Makes sure that what was copied is what the cache key was made of. `stats` were taken after copying: a file whose change time
 * lies before the selection cannot have changed; of any other the copy is read again. Throws CONTEXT_INVALID.
 */
export function assertUnchanged(file: TakenFile, target: string, stats: BigIntStats, since: number): void {
  if ((Number(stats.mode) & 0o7777) !== file.mode && file.type !== 'symlink') throw changed(file.source);
  if (Number(stats.ctimeMs) < since - CLOCK || file.type === 'other') return;
  // A context's owner is no part of its digests: type, mode, content.
  const content = file.digest.split(':')[2];
  if (digestCopy(file, target) !== content) throw changed(file.source);
}
