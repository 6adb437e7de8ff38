import { createHash } from 'node:crypto';
import { closeSync, openSync, readlinkSync, readSync } from 'node:fs';
import { encodePath, type TakenFile } from '@strake/context';

/** The content's digest of a copied file or link, as a selection has it. */
export function digestCopy({ type }: TakenFile, target: string): string {
  const hash = createHash('sha256');
  if (type === 'symlink') return hash.update(readlinkSync(encodePath(target), 'buffer')).digest('hex');
  const buffer = Buffer.allocUnsafe(1 << 18);
  const file = openSync(encodePath(target), 'r');
  try {
    for (let length = 1; length > 0; hash.update(buffer.subarray(0, length))) length = readSync(file, buffer, 0, buffer.length, null);
    return hash.digest('hex');
  } finally {
    closeSync(file);
  }
}
