import { bind } from './libc';
import { cPath, type Path } from './path';
import { check } from './system-error';

/** Flags of mount(2). */
export const MS = {
  RDONLY: 0x1,
  NOSUID: 0x2,
  NODEV: 0x4,
  NOEXEC: 0x8,
  REMOUNT: 0x20,
  BIND: 0x1000,
  REC: 0x4000,
  PRIVATE: 0x40000,
} as const;

/** Flag of umount2(2): detach now, release when the last user is gone. */
export const MNT_DETACH = 2;

const nativeMount = bind('int mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data)');
const nativeUmount = bind('int umount2(const char *target, int flags)');
const nativeUnshare = bind('int unshare(int flags)');
const nativeChdir = bind('int chdir(const char *path)');

const CLONE_NEWNS = 0x20000;

/** mount(2). Throws an error with Node's `code`. */
export function mount(source: Path, target: Path, type: string | null, flags = 0, data: string | null = null): void {
  check(nativeMount(cPath(source), cPath(target), type, flags, data), 'mount', target);
}

/** umount2(2). */
export function unmount(target: Path, flags = 0): void {
  check(nativeUmount(cPath(target), flags), 'umount2', target);
}

/** chdir(2) of the calling thread; of the process when the thread shares its file-system state. */
export function changeDirectory(path: Path): void {
  check(nativeChdir(cPath(path)), 'chdir', path);
}

/**
 * Gives the calling thread a mount namespace of its own whose mounts nobody else sees and that ends with the thread.
 * In a worker thread this leaves the rest of the process as it is; only synchronous `fs` calls and processes
 * started from the thread see the new mounts, asynchronous ones run in threads that do not.
 */
export function enterPrivateMountNamespace(): void {
  check(nativeUnshare(CLONE_NEWNS), 'unshare');
  mount('none', '/', null, MS.PRIVATE | MS.REC);
}
