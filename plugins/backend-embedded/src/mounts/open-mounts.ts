import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { OpWork } from '../ops/apply-ops';
import type { RunMount } from '../runtime';
import type { WorkerMount } from '../worker/protocol';
import { listenFor } from './agent-socket';
import { openCache } from './open-cache';
import { openTree } from './open-tree';
import { placeMounts, type OpenMount } from './place-mounts';
import { SecretFiles } from './secret-files';

/** Mounts that a program can be given, until they are released. */
export interface OpenMounts {
  readonly mounts: readonly RunMount[];
  release(): void;
}

/** Opens the mounts of a program, in their order. What was opened is released when one fails. */
export async function openMounts(mounts: readonly WorkerMount[], work: OpWork): Promise<OpenMounts> {
  const opened: OpenMount[] = [];
  const secrets = new SecretFiles(join(work.work, 'secrets'));
  const release = (): void => {
    for (const mount of [...opened].reverse()) mount.release?.();
    secrets.release();
  };
  try {
    for (const [index, mount] of mounts.entries()) opened.push(await open(mount, folderOf(work, index), work, secrets));
    return { mounts: placeMounts(opened, work.root), release };
  } catch (error) {
    release();
    throw error;
  }
}

function folderOf({ work }: OpWork, index: number): string {
  const folder = join(work, `mount${index}`);
  mkdirSync(folder);
  return folder;
}

async function open(mount: WorkerMount, folder: string, work: OpWork, secrets: SecretFiles): Promise<OpenMount> {
  const { target } = mount;
  switch (mount.type) {
    case 'bind': {
      const tree = openTree(mount.tree, folder, work, mount.readonly ? 'read' : 'write');
      return { target, source: tree.path, readonly: mount.readonly, release: () => tree.release() };
    }
    case 'cache':
      return { target, source: openCache(mount, folder, work), readonly: mount.readonly };
    case 'host':
      return { target, source: mount.source, readonly: mount.readonly };
    case 'tmpfs':
      return { type: 'tmpfs', target, source: 'tmpfs', readonly: mount.readonly === true, options: ['nosuid', ...(mount.size === undefined ? [] : [`size=${mount.size}`])] };
    case 'secret':
      return { target, source: secrets.add(mount), readonly: true, options: ['nodev', 'nosuid', ...((mount.mode & 0o111) === 0 ? ['noexec'] : [])] };
    case 'ssh':
      return { target, readonly: false, ...(await listenFor(mount, folder)) };
  }
}
