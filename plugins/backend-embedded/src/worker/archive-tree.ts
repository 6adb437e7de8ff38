import { mkdirSync, rmSync } from 'node:fs';
import { packLayerChunks } from '@strake/oci';
import { mountReadonly } from './mount-snapshot';
import type { ArchiveRequest } from './protocol';

/** Packs the tree of a chain, chunk by chunk: `send` resolves when the next may come. */
export async function archiveTree({ chain, work, options }: ArchiveRequest, send: (bytes: Uint8Array) => Promise<void>): Promise<null> {
  mkdirSync(work);
  const tree = mountReadonly(chain, work);
  try {
    for (const chunk of packLayerChunks(tree.root, { ...options, as: 'tree' })) await send(chunk);
  } finally {
    tree.release();
    rmSync(work, { recursive: true, force: true });
  }
  return null;
}
