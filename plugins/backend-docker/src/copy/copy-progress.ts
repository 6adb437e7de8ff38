import type { ApplyOptions } from '@strake/api';
import type { TakenFile } from '@strake/context';

/** Tells now and then how many bytes of a copy are done; throws when it is called off. */
export function copyProgress(taken: readonly TakenFile[], options: ApplyOptions): (file: TakenFile) => void {
  const total = taken.reduce((sum, { size }) => sum + size, 0);
  let [files, bytes] = [0, 0];
  return ({ size }) => {
    options.signal.throwIfAborted();
    [files, bytes] = [files + 1, bytes + size];
    if (files % TOLD_EVERY === 0 || bytes === total) options.progress('copying files', bytes, total);
  };
}

/** Files. */
const TOLD_EVERY = 128;
