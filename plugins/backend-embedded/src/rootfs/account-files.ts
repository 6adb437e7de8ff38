import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { OperatorError } from '@strake/api';
import { parseGroups, parsePasswd, type Accounts, type GroupEntry, type PasswdEntry } from '@strake/oci';
import { resolveInRoot } from './resolve-in-root';

const LIMIT = 10 << 20;

/** The users of a root file system, in the file's order; none when there is no file. */
export function readPasswd(root: string): readonly PasswdEntry[] {
  return parsePasswd(readText(root, '/etc/passwd'));
}

/** The groups of a root file system. */
export function readGroups(root: string): readonly GroupEntry[] {
  return parseGroups(readText(root, '/etc/group'));
}

/** The accounts of a root file system. */
export function accountsOf(root: string): Accounts {
  return { passwd: () => readPasswd(root), groups: () => readGroups(root) };
}

function readText(root: string, path: string): string {
  let file: number;
  try {
    file = openSync(resolveInRoot(root, path), 'r');
  } catch {
    return '';
  }
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) return '';
    if (stats.size > LIMIT) throw new OperatorError('IMAGE_INVALID', `"${path}" exceeds ${LIMIT} bytes`);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}
