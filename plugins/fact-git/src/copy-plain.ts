import { closeSync, constants, fstatSync, openSync, readFileSync, writeFileSync } from 'node:fs';

/** Copies a file that is one, and no link; does nothing where there is none. */
export function copyPlain(from: string, to: string): void {
  let fd: number;
  try {
    fd = openSync(from, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return;
  }
  try {
    if (fstatSync(fd).isFile()) writeFileSync(to, readFileSync(fd));
  } finally {
    closeSync(fd);
  }
}
