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

/** The users and groups of a root file system, each read when somebody asks. */
export interface Accounts {
  passwd(): readonly PasswdEntry[];
  groups(): readonly GroupEntry[];
}

/** The users of a passwd file's text, in its order. */
export function parsePasswd(text: string): readonly PasswdEntry[] {
  return linesOf(text).flatMap((line) => {
    const [name = '', , uid, gid, , home = ''] = line.split(':');
    return isId(uid) && isId(gid) ? [{ name, uid: Number(uid), gid: Number(gid), home }] : [];
  });
}

/** The groups of a group file's text. */
export function parseGroups(text: string): readonly GroupEntry[] {
  return linesOf(text).flatMap((line) => {
    const [name = '', , gid, members = ''] = line.split(':');
    return isId(gid) ? [{ name, gid: Number(gid), members: members.split(',').filter((member) => member !== '') }] : [];
  });
}

/** Whether a text is a number that a user or a group can have. */
export function isId(text: string | undefined): text is string {
  return text !== undefined && /^\d+$/.test(text) && Number(text) <= 0xfffffffe;
}

const linesOf = (text: string): readonly string[] => text.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
