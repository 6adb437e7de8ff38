import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { OperatorError } from '@strake/api';
import { resolveInRoot } from './resolve-in-root';

/** A user and a group in numbers. */
export interface Ids {
  readonly uid: number;
  readonly gid: number;
}

/** A line of /etc/passwd. */
export interface PasswdEntry extends Ids {
  readonly name: string;
  readonly home: string;
}

/** A line of /etc/group. */
export interface GroupEntry {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

const LIMIT = 10 << 20;

/** The users of a root file system, in the file's order; none when there is no file. */
export function readPasswd(root: string): readonly PasswdEntry[] {
  return readLines(root, '/etc/passwd').flatMap((line) => {
    const [name = '', , uid, gid, , home = ''] = line.split(':');
    return isId(uid) && isId(gid) ? [{ name, uid: Number(uid), gid: Number(gid), home }] : [];
  });
}

/** The groups of a root file system. */
export function readGroups(root: string): readonly GroupEntry[] {
  return readLines(root, '/etc/group').flatMap((line) => {
    const [name = '', , gid, members = ''] = line.split(':');
    return isId(gid) ? [{ name, gid: Number(gid), members: members.split(',').filter((member) => member !== '') }] : [];
  });
}

/** Whether a text is a number that a user or a group can have. */
export function isId(text: string | undefined): text is string {
  return text !== undefined && /^\d+$/.test(text) && Number(text) <= 0xfffffffe;
}

function readLines(root: string, path: string): readonly string[] {
  let file: number;
  try {
    file = openSync(resolveInRoot(root, path), 'r');
  } catch {
    return [];
  }
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) return [];
    if (stats.size > LIMIT) throw new OperatorError('IMAGE_INVALID', `"${path}" exceeds ${LIMIT} bytes`);
    return readFileSync(file, 'utf8').split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  } finally {
    closeSync(file);
  }
}
