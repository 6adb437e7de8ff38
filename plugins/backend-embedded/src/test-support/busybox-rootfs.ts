import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const BUSYBOX = '/bin/busybox';

const APPLETS = ['cat', 'chmod', 'cp', 'date', 'dd', 'echo', 'env', 'find', 'grep', 'head', 'id', 'ip', 'kill', 'ln', 'ls', 'mkdir', 'mount', 'mv', 'pwd', 'rm', 'sed', 'seq', 'sh', 'sha256sum', 'sleep', 'stat', 'tail', 'test', 'touch', 'true', 'tty', 'uname', 'unshare', 'wc'] as const;

/** Whether a statically linked busybox is installed (Debian: busybox-static), without which there is no tree to run in. */
export const hasBusybox = existsSync(BUSYBOX);

/**
 * Fills a directory with the smallest tree that can run shell lines: busybox and links to it in /bin, root and nobody in
 * /etc/passwd, /tmp. Without /dev, /proc, /sys, /etc/hosts and /etc/resolv.conf, as in an image from scratch.
 */
export function writeBusyboxRootfs(directory: string): void {
  mkdirSync(join(directory, 'bin'), { recursive: true });
  cpSync(BUSYBOX, join(directory, 'bin/busybox'));
  for (const applet of APPLETS) symlinkSync('busybox', join(directory, 'bin', applet));
  mkdirSync(join(directory, 'etc'));
  writeFileSync(join(directory, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n');
  writeFileSync(join(directory, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n');
  mkdirSync(join(directory, 'tmp'), { mode: 0o1777 });
}
