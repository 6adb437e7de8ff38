import type { CacheMount, Mount } from '@strake/api';

export type MountType = Mount['type'];
export type Sharing = CacheMount['sharing'];

/** What `--mount` says, typed, before it means anything. */
export interface MountOptions {
  type: MountType;
  from: string;
  source: string;
  target: string;
  /** Undefined where neither `ro` nor `rw` was written. */
  readonly: boolean | undefined;
  id: string;
  sharing: Sharing | undefined;
  required: boolean;
  /** Bytes. */
  size: number | undefined;
  mode: number | undefined;
  uid: number | undefined;
  gid: number | undefined;
  env: string | undefined;
  /** Keys that were written, by their main names. */
  readonly written: Set<string>;
}

export const MOUNT_TYPES: readonly MountType[] = ['bind', 'cache', 'tmpfs', 'secret', 'ssh'];
export const SHARINGS: readonly Sharing[] = ['shared', 'private', 'locked'];

/** Every key, with the main name of those that are the same. */
export const MOUNT_KEYS: Readonly<Record<string, string>> = {
  type: 'type', from: 'from', source: 'source', src: 'source', target: 'target', dst: 'target', destination: 'target', readonly: 'readonly', ro: 'readonly', readwrite: 'readwrite', rw: 'readwrite',
  id: 'id', sharing: 'sharing', required: 'required', size: 'size', mode: 'mode', uid: 'uid', gid: 'gid', env: 'env',
};

/** What has a meaning for a type; the rest is told to the author. */
const MEANINGFUL: Readonly<Record<MountType, readonly string[]>> = {
  bind: ['from', 'source', 'target', 'readonly', 'readwrite'],
  cache: ['from', 'source', 'target', 'readonly', 'readwrite', 'id', 'sharing', 'mode', 'uid', 'gid'],
  tmpfs: ['target', 'size', 'readonly', 'readwrite'],
  secret: ['id', 'source', 'target', 'env', 'required', 'readonly', 'mode', 'uid', 'gid'],
  ssh: ['id', 'target', 'required', 'mode', 'uid', 'gid'],
};

/** Keys that were written and that mean nothing for the type. */
export function meaningless({ type, written }: MountOptions): readonly string[] {
  return [...written].filter((key) => key !== 'type' && !MEANINGFUL[type].includes(key));
}

export function noOptions(): MountOptions {
  return {
    type: 'bind', from: '', source: '', target: '', readonly: undefined, id: '', sharing: undefined, required: false,
    size: undefined, mode: undefined, uid: undefined, gid: undefined, env: undefined, written: new Set(),
  };
}
