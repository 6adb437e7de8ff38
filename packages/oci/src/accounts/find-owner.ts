import type { Owner } from '@strake/api';
import { isId, type Accounts, type Ids } from './accounts';

/** Told of a name that is not there. */
export type UnknownName = (kind: 'user' | 'group', name: string) => void;

/**
 * The numbers of a `--chown`. Names are looked up in the accounts of the root that is written to; `root` is always 0. A number alone
 * stands for the group too, a name alone brings its own group. As in BuildKit a user that is not there is root, and a group that
 * is not there is the user's own: `unknown` is told.
 */
export function findOwner(accounts: Accounts, owner: Owner, unknown: UnknownName): Ids {
  const colon = owner.indexOf(':');
  const found = findUser(accounts, colon < 0 ? owner : owner.slice(0, colon), unknown);
  return colon < 0 ? found : { uid: found.uid, gid: findGroup(accounts, owner.slice(colon + 1), found.gid, unknown) };
}

function findUser(accounts: Accounts, user: string, unknown: UnknownName): Ids {
  const id = numberOf(user);
  if (id !== undefined) return { uid: id, gid: id };
  const entry = accounts.passwd().find(({ name }) => name === user);
  if (entry === undefined) unknown('user', user);
  return { uid: entry?.uid ?? 0, gid: entry?.gid ?? 0 };
}

function findGroup(accounts: Accounts, group: string, own: number, unknown: UnknownName): number {
  const id = numberOf(group);
  if (id !== undefined) return id;
  const entry = accounts.groups().find(({ name }) => name === group);
  if (entry === undefined) unknown('group', group);
  return entry?.gid ?? own;
}

/** A number may have a sign, as Go reads it; no name at all is root. */
function numberOf(text: string): number | undefined {
  if (text === '' || text === 'root') return 0;
  const digits = text.startsWith('+') ? text.slice(1) : text;
  return isId(digits) ? Number(digits) : undefined;
}
