import { KERNEL_MOUNTS, type OciMount } from './docker-defaults';
import { insecureKernelMounts } from './insecure';
import type { RunSpec } from './run-spec';

/** The kernel's file systems in a program's container, in the order in which they are mounted; /dev/shm of the size that was asked for. */
export function kernelMounts({ insecure, limits: { shmSize } = {} }: Pick<RunSpec, 'insecure' | 'limits'>): readonly OciMount[] {
  const mounts = insecure === true ? insecureKernelMounts() : KERNEL_MOUNTS;
  if (shmSize === undefined) return mounts;
  return mounts.map((mount) => (mount.destination === '/dev/shm' ? { ...mount, options: [...(mount.options ?? []).filter((option) => !option.startsWith('size=')), `size=${shmSize}`] } : mount));
}
