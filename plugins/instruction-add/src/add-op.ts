import type { LoweredOp, Origin } from '@strake/api';
import { cleanSource } from './paths';

/** The op of all sources that are files, or none when every source is a here-document. */
export function addOp(
  sources: readonly string[],
  destination: string,
  from: Origin,
  flags: { readonly chown?: string; readonly chmod?: string },
): readonly LoweredOp[] {
  if (sources.length === 0) return [];
  const { chown, chmod } = flags;
  const owner = chown === undefined ? {} : { chown };
  const mode = chmod === undefined ? {} : { chmod };
  return [{ type: 'copy', from, sources: sources.map(cleanSource), destination, ...owner, ...mode, unpack: true }];
}
