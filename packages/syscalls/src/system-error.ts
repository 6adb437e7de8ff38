import { constants } from 'node:os';
import { getSystemErrorName } from 'node:util';
import { errno } from './libc';
import type { Path } from './path';

/** An error of Node's own shape, so that callers test `code` whoever made the call. */
export function systemError(syscall: string, path?: Path): NodeJS.ErrnoException {
  const number = errno();
  const code = nameOf(number);
  const error: NodeJS.ErrnoException = new Error(`${code}: ${syscall}${path === undefined ? '' : ` '${path.toString()}'`}`);
  error.errno = -number;
  error.code = code;
  error.syscall = syscall;
  if (path !== undefined) error.path = path.toString();
  return error;
}

/** Throws when a call answered -1. */
export function check(result: number, syscall: string, path?: Path): number {
  if (result < 0) throw systemError(syscall, path);
  return result;
}

function nameOf(number: number): string {
  const known = Object.entries(constants.errno).find(([, value]) => value === number);
  return known?.[0] ?? getSystemErrorName(-number);
}
