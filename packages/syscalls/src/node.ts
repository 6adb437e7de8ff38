import { bind } from './libc';
import { cPath, type Path } from './path';
import { check } from './system-error';

/** Type bits of `st_mode`. */
export const S_IFIFO = 0o010000;
export const S_IFREG = 0o100000;
export const S_IFCHR = 0o020000;
export const S_IFBLK = 0o060000;
export const S_IFDIR = 0o040000;
export const S_IFLNK = 0o120000;

const nativeMknod = bind('int mknod(const char *path, unsigned int mode, unsigned long dev)');

/** mknod(2): a fifo, a device, or with character device 0:0 an overlay whiteout. */
export function makeNode(path: Path, mode: number, major = 0, minor = 0): void {
  check(nativeMknod(cPath(path), mode, makeDevice(major, minor)), 'mknod', path);
}

/** glibc's makedev(3). */
export function makeDevice(major: number, minor: number): bigint {
  const [high, low] = [BigInt(major), BigInt(minor)];
  return ((high & 0xfffff000n) << 32n) | ((high & 0xfffn) << 8n) | ((low & 0xffffff00n) << 12n) | (low & 0xffn);
}

/** Major and minor number of an `st_rdev`. */
export function splitDevice(device: number | bigint): { readonly major: number; readonly minor: number } {
  const rdev = BigInt(device);
  return {
    major: Number(((rdev >> 32n) & 0xfffff000n) | ((rdev >> 8n) & 0xfffn)),
    minor: Number(((rdev >> 12n) & 0xffffff00n) | (rdev & 0xffn)),
  };
}
