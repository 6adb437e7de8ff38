import { join } from 'node:path';
import { squashDifferences } from '@strake/oci';
import type { Following } from '../ops/apply-ops';
import { mountReadonly } from './mount-snapshot';
import type { SquashRequest } from './protocol';

/** Fills an upper directory with what several snapshots change together, as seen from below them. */
export function squashTrees({ folders, below, upper, work }: SquashRequest, { check }: Following): null {
  const tree = mountReadonly(below, work);
  try {
    squashDifferences(folders.map((folder) => join(below.folder, folder, 'fs')), { upper, below: tree.root, check });
  } finally {
    tree.release();
  }
  return null;
}
