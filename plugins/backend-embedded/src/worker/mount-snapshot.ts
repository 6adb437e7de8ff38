import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { changeDirectory, mount, MS, unmount, MNT_DETACH } from '@strake/syscalls';

/** Snapshots on each other, top first, each in `<folder>/<id>/fs`. */
export interface SnapshotChain {
  readonly folder: string;
  readonly ids: readonly string[];
}

/** A file tree that can be used until it is released. */
export interface MountedTree {
  readonly root: string;
  release(): void;
}

/** mount(2) takes one page of options; names of snapshots longer than this in sum are replaced by short links. */
const LONGEST_OPTION = 3000;

/** Shows a chain of snapshots without changing it. `work` is a private directory on this machine that exists. */
export function mountReadonly(chain: SnapshotChain, work: string): MountedTree {
  const [only] = chain.ids;
  const root = join(work, 'root');
  mkdirSync(root);
  const release = (): void => rmSync(root, { recursive: true });
  if (only === undefined) return { root, release };
  if (chain.ids.length === 1) return { root: join(chain.folder, only, 'fs'), release };
  const lowers = nameLowers(chain, work);
  return mountOverlay(lowers.base, root, work, `lowerdir=${lowers.option}`, MS.RDONLY);
}

/** Shows a chain with changes going to `upper`. On nothing at all, the upper directory is itself the tree. */
export function mountWritable(chain: SnapshotChain, upper: string, work: string): MountedTree {
  if (chain.ids.length === 0) return { root: upper, release: () => undefined };
  const [root, scratch] = [join(work, 'root'), join(work, 'overlay')];
  mkdirSync(root);
  mkdirSync(scratch);
  const { base, option } = nameLowers(chain, work);
  // Relative names only: a store's path may hold what separates options. Upper directories must hold plain files, so that they can be packed.
  const places = `lowerdir=${option},upperdir=${relative(base, upper)},workdir=${relative(base, scratch)}`;
  return mountOverlay(base, root, work, `${places},volatile,index=off,redirect_dir=off,metacopy=off`, 0);
}

function mountOverlay(base: string, root: string, work: string, options: string, flags: number): MountedTree {
  changeDirectory(base);
  try {
    mount('overlay', root, 'overlay', flags, options);
  } finally {
    changeDirectory('/');
  }
  return {
    root,
    release() {
      unmount(root, MNT_DETACH);
      for (const name of ['root', 'overlay', 'l']) rmSync(join(work, name), { recursive: true, force: true });
    },
  };
}

/** The lower directories as an option, relative to `base`. */
function nameLowers({ folder, ids }: SnapshotChain, work: string): { readonly base: string; readonly option: string } {
  const option = ids.map((id) => `${id}/fs`).join(':');
  if (option.length <= LONGEST_OPTION) return { base: folder, option };
  const links = join(work, 'l');
  mkdirSync(links);
  const names = ids.map((id, index) => {
    const name = index.toString(36);
    symlinkSync(join(folder, id, 'fs'), join(links, name));
    return name;
  });
  return { base: links, option: names.join(':') };
}
