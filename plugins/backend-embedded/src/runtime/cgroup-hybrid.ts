import { readFileSync, readlinkSync } from 'node:fs';
import { MNT_DETACH, unmount } from '@strake/syscalls';

const UNIFIED = '/sys/fs/cgroup/unified';

/**
 * crun refuses to run where cgroup v2 stands beside v1 and has controllers, although no cgroup is asked for. The v2 tree
 * is taken out of sight; only when the calling thread has a mount namespace of its own, so never for the machine.
 */
export function hideUnifiedCgroup(): void {
  const mounts = readFileSync('/proc/thread-self/mounts', 'utf8');
  if (mounts.includes(` ${UNIFIED} cgroup2 `) && hasPrivateNamespace()) unmount(UNIFIED, MNT_DETACH);
}

function hasPrivateNamespace(): boolean {
  try {
    return readlinkSync('/proc/thread-self/ns/mnt') !== readlinkSync(`/proc/${process.ppid}/ns/mnt`);
  } catch {
    return false;
  }
}
