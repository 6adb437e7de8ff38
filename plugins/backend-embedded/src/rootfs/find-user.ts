import { DockerfileError } from '@strake/api';
import { isId, type Ids } from '@strake/oci';
import { readGroups, readPasswd } from './account-files';

/** Whom a program runs as, and that user's home. */
export interface ExecUser extends Ids {
  /** The user's other groups, and its own. */
  readonly additionalGids: readonly number[];
  readonly home: string;
}

/**
 * Finds a USER in a root file system as Docker does: `user[:group]`, names or numbers, empty for root. A number needs no
 * entry; the other groups are only those of a user without a named group. Throws INVALID_ARGUMENTS for an unknown name.
 */
export function findUser(root: string, written: string): ExecUser {
  const [user = '', group = ''] = written.split(':', 2);
  const passwd = readPasswd(root);
  const entry = passwd.find(({ name, uid }) => name === (user === '' ? 'root' : user) || (isId(user) && uid === Number(user)));
  const uid = entry?.uid ?? numberOf(user);
  if (uid === undefined) throw unknown('user', user, 'passwd');
  const home = passwd.find((other) => other.uid === uid)?.home || '/';
  const groups = group !== '' || entry !== undefined ? readGroups(root) : [];
  if (group !== '') {
    const gid = groups.find(({ name }) => name === group)?.gid ?? numberOf(group);
    if (gid === undefined) throw unknown('group', group, 'group');
    return { uid, gid, additionalGids: [gid], home };
  }
  const gid = entry?.gid ?? 0;
  const others = groups.filter(({ members }) => entry !== undefined && members.includes(entry.name)).map((other) => other.gid);
  return { uid, gid, additionalGids: [...new Set([gid, ...others])], home };
}

function numberOf(text: string): number | undefined {
  if (text === '' || text === 'root') return 0;
  return isId(text) ? Number(text) : undefined;
}

function unknown(kind: string, name: string, file: string): DockerfileError {
  return new DockerfileError('INVALID_ARGUMENTS', `unable to find ${kind} ${name}: no matching entries in ${file} file`, {
    hint: `create the ${kind} in an earlier RUN, or give its number`,
  });
}
