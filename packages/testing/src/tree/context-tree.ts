import type { BuildContext } from '@strake/api';
import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Tree, TreeEntry } from './tree-entry';

/** All files of a build context that its ignore file shows, as a copy gives them: root's. */
export async function contextTree(context: BuildContext): Promise<Tree> {
  const { files } = await context.select({ type: 'copy', input: 0, sources: ['.'], destination: '/' });
  return new Map(files.filter(({ path }) => path !== '').map(({ path, type }) => [path, readEntry(join(context.directory, path), type)]));
}

function readEntry(file: string, type: TreeEntry['type']): TreeEntry {
  const mode = lstatSync(file).mode & 0o7777;
  const content = type === 'file' ? readFileSync(file) : Buffer.alloc(0);
  return { type, mode, uid: 0, gid: 0, content, ...(type === 'symlink' ? { target: readlinkSync(file) } : {}) };
}
