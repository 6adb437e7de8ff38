import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import type { CopyOp } from '@strake/api';
import { pathBytes, selectFiles, type TakenFile } from '@strake/context';
import { LayerUnpacker, tarOf } from '@strake/oci';
import { copyTaken } from '../copy/copy-taken';
import type { CopyWork } from '../copy/copy-work';

type UnpackWork = CopyWork & { readonly scratch: string };

/**
 * What an ADD does with what it has taken: archives are unpacked, the rest is copied, in the order of the sources. Archives are
 * unpacked beside the tree first, so that no name or link of an archive decides where in the tree something is written.
 * `--chown` is for everything in them, `--chmod` for nothing.
 */
export async function addTaken(op: CopyOp, taken: readonly TakenFile[], work: UnpackWork): Promise<void> {
  let plain: TakenFile[] = [];
  for (const file of taken) {
    const tar = file.type === 'file' && !file.fromDirectory ? await tarOf(`${work.source}/${file.source}`) : undefined;
    if (tar === undefined) {
      plain.push(file);
      continue;
    }
    copyTaken(op, plain, work);
    plain = [];
    await unpack(op, tar, work);
  }
  copyTaken(op, plain, work);
}

async function unpack(op: CopyOp, tar: AsyncIterable<Buffer>, work: UnpackWork): Promise<void> {
  const folder = mkdtempSync(`${work.scratch}/archive-`);
  const tree = `${folder}/tree`;
  mkdirSync(tree, { mode: 0o755 });
  try {
    const unpacked = await fill(tree, tar, work);
    const all: CopyOp = { type: 'copy', input: op.input, sources: ['/'], destination: op.destination };
    const isImplied = (path: string): boolean => !unpacked.hasFolder(pathBytes(path));
    copyTaken(all, selectFiles(tree, all, { keepOwner: true }).taken, { ...work, source: tree, keepOwner: true, since: undefined, replace: true, isImplied });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fill(tree: string, tar: AsyncIterable<Buffer>, work: CopyWork): Promise<LayerUnpacker> {
  const unpacker = new LayerUnpacker(tree, undefined, { whiteouts: false });
  try {
    for await (const chunk of tar) {
      work.check();
      unpacker.write(chunk);
    }
    unpacker.end();
    return unpacker;
  } catch (error) {
    unpacker.abort();
    throw error;
  }
}
