import { statfsSync } from 'node:fs';
import { OperatorError } from '@strake/api';
import type { TrimPolicy } from '@strake/oci';
import { parseDuration } from '../parse-duration';
import type { GarbagePolicy } from './cache-types';
import { parseSpace } from './parse-space';

/** The policy as the store at a path takes it: in bytes and seconds. Throws USAGE. */
export function trimPolicy({ reservedSpace, maxUsedSpace, minFreeSpace, keepDuration }: GarbagePolicy, root: string): TrimPolicy {
  const { blocks, bsize } = statfsSync(root);
  const space = (written: number | string | undefined, what: string): number | undefined => (written === undefined ? undefined : parseSpace(written, blocks * bsize, what));
  const [reserved, mostUsed, leastFree] = [space(reservedSpace, 'reserved space'), space(maxUsedSpace, 'max used space'), space(minFreeSpace, 'min free space')];
  return {
    ...(reserved === undefined ? {} : { reserved }),
    ...(mostUsed === undefined ? {} : { mostUsed }),
    ...(leastFree === undefined ? {} : { leastFree }),
    ...(keepDuration === undefined ? {} : { unusedFor: secondsOf(keepDuration) }),
  };
}

function secondsOf(written: number | string): number {
  const seconds = typeof written === 'number' ? written : parseDuration(written);
  if (seconds !== undefined && seconds >= 0) return seconds;
  throw new OperatorError('USAGE', `keep duration: "${written}" is no duration`, { hint: 'Write 90m, 24h or 7d.' });
}
