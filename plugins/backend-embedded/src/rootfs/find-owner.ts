import { DockerfileError, type Owner } from '@strake/api';
import { isId, readGroups, readPasswd, type Ids } from './account-files';

/**
 * The numbers of a `--chown`. Names are looked up in the files of the root that is written to. A number alone stands for
 * the group too, a name alone brings its own group. Throws INVALID_FLAG for an unknown name (BuildKit takes 0 without a word).
 */
export function findOwner(root: string, owner: Owner): Ids {
  const [user = '', group] = owner.split(':', 2);
  const found = user === '' ? { uid: 0, gid: 0 } : findUser(root, user);
  if (group === undefined || group === '') return found;
  return { uid: found.uid, gid: findGroup(root, group) };
}

function findUser(root: string, user: string): Ids {
  if (isId(user)) return { uid: Number(user), gid: Number(user) };
  const entry = readPasswd(root).find(({ name }) => name === user);
  if (entry !== undefined) return { uid: entry.uid, gid: entry.gid };
  if (user === 'root') return { uid: 0, gid: 0 };
  throw unknownName('user', user, 'passwd');
}

function findGroup(root: string, group: string): number {
  if (isId(group)) return Number(group);
  const entry = readGroups(root).find(({ name }) => name === group);
  if (entry !== undefined) return entry.gid;
  if (group === 'root') return 0;
  throw unknownName('group', group, 'group');
}

function unknownName(kind: string, name: string, file: string): DockerfileError {
  return new DockerfileError('INVALID_FLAG', `unable to find ${kind} ${name}: no matching entries in ${file} file`, {
    hint: `create the ${kind} in an earlier RUN, or give its number`,
  });
}
