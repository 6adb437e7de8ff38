import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import type { CopyOp } from '@strake/api';
import { selectFiles, type TakenFile } from '@strake/context';
import { LayerUnpacker } from '@strake/oci';
import { copyTaken } from '../copy/copy-taken';
import type { CopyWork } from '../copy/copy-work';
import { tarOf } from './archive-tar';

/**
 * Unpacks the archives among what an ADD has taken, and answers the rest, which is copied. They are unpacked beside the tree
 * first, so that no name or link of an archive decides where in the tree something is written. `--chown` is for
 * everything in them, `--chmod` for nothing.
 */
export async function unpackArchives(op: CopyOp, taken: readonly TakenFile[], work: CopyWork & { readonly scratch: string }): Promise<readonly TakenFile[]> {
  const rest: TakenFile[] = [];
  for (const file of taken) {
    const tar = file.type === 'file' && !file.fromDirectory ? await tarOf(`${work.source}/${file.source}`) : undefined;
    if (tar === undefined) rest.push(file);
    else await unpack(op, tar, work);
  }
  return rest;
}

async function unpack(op: CopyOp, tar: AsyncIterable<Buffer>, work: CopyWork & { readonly scratch: string }): Promise<void> {
  const folder = mkdtempSync(`${work.scratch}/archive-`);
  const tree = `${folder}/tree`;
  mkdirSync(tree, { mode: 0o755 });
  try {
    await fill(tree, tar, work);
    const all: CopyOp = { type: 'copy', input: op.input, sources: ['/'], destination: op.destination };
    copyTaken(all, selectFiles(tree, all, { keepOwner: true }).taken, { ...work, source: tree, keepOwner: true, since: undefined, replace: true });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fill(tree: string, tar: AsyncIterable<Buffer>, work: CopyWork): Promise<void> {
  const unpacker = new LayerUnpacker(tree);
  try {
    for await (const chunk of tar) {
      work.check();
      unpacker.write(chunk);
    }
    unpacker.end();
  } catch (error) {
    unpacker.abort();
    throw error;
  }
}
