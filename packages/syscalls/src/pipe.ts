import { bind } from './libc';
import { check } from './system-error';

const O_CLOEXEC = 0o2000000;
const nativePipe = bind('int pipe2(_Out_ int *fds, int flags)');

/** A real pipe. Node's own `pipe` stdio is a socket, in which a program cannot open /dev/stdout. */
export function makePipe(): { readonly read: number; readonly write: number } {
  const fds = new Int32Array(2);
  check(nativePipe(fds, O_CLOEXEC), 'pipe2');
  return { read: fds[0] ?? -1, write: fds[1] ?? -1 };
}
