import type { TarHeader } from '@strake/oci';

const EMPTY = new Set(['/.dockerenv', '/dev/console', '/etc/hostname', '/etc/hosts', '/etc/resolv.conf']);
const DIRECTORIES = new Set(['/dev/pts', '/dev/shm']);

/** Whether an entry is what the engine puts into each container that it makes, and no part of the image. */
export function isOfTheEngine(path: string, { type, size, target }: TarHeader): boolean {
  if (EMPTY.has(path)) return type === 'file' && size === 0;
  if (path === '/etc/mtab') return type === 'symlink' && target?.toString() === '/proc/mounts';
  return type === 'directory' && DIRECTORIES.has(path);
}

/** Directories that engines make where an image has none, children first. */
export const ENGINE_DIRECTORIES = ['dev', 'proc', 'sys', 'etc'] as const;
