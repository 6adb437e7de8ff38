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

/** Of another namespace than the process's first thread, or than its parent; that one may be a process that nobody may look at. */
function hasPrivateNamespace(): boolean {
  const own = namespaceOf('thread-self');
  return own !== undefined && ['self', String(process.ppid)].map(namespaceOf).some((other) => other !== undefined && other !== own);
}

function namespaceOf(process: string): string | undefined {
  try {
    return readlinkSync(`/proc/${process}/ns/mnt`);
  } catch {
    return undefined;
  }
}
