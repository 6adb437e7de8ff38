import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where control groups of one controller, or of all (version 2), are made. */
export interface Hierarchy {
  readonly version: 1 | 2;
  /** The directory of its highest group that can be seen here. */
  readonly root: string;
  /** The directory of this process's own group. */
  readonly own: string;
}

/** Hierarchies by controller, or by name (`name=systemd`): of version 1 each has its own, of version 2 one is for all. */
export type Hierarchies = ReadonlyMap<string, Hierarchy>;

/** What the kernel says of this process: the texts of /proc/PID/mountinfo and /proc/PID/cgroup, and how to read a file of a group. */
export interface GroupFacts {
  readonly mounts: string;
  readonly groups: string;
  readonly read: (file: string) => string;
}

/** The facts of the thread that asks. */
export function ownFacts(): GroupFacts {
  const read = (file: string): string => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return '';
    }
  };
  return { mounts: read('/proc/thread-self/mountinfo'), groups: read('/proc/thread-self/cgroup'), read };
}

/** Finds the hierarchies of control groups. Where a controller is in version 1, that counts: it is in one of both only. */
export function findHierarchies({ mounts, groups, read }: GroupFacts): Hierarchies {
  const paths = new Map(groups.split('\n').flatMap(readGroup));
  const found = new Map<string, Hierarchy>();
  for (const { type, root, mountPoint, options } of mounts.split('\n').flatMap(readMount)) {
    const controllers = type === 'cgroup' ? options.filter((option) => !['rw', 'ro'].includes(option) && !/^release_agent=|^(?:none|xattr|noprefix|clone_children)$/.test(option)) : [];
    for (const controller of controllers) {
      const path = [...paths].find(([names]) => names.split(',').includes(controller))?.[1];
      if (path !== undefined) found.set(controller, { version: 1, root: mountPoint, own: join(mountPoint, below(path, root)) });
    }
    if (type !== 'cgroup2') continue;
    const hierarchy: Hierarchy = { version: 2, root: mountPoint, own: join(mountPoint, below(paths.get('') ?? '/', root)) };
    for (const controller of read(join(mountPoint, 'cgroup.controllers')).trim().split(' ')) if (controller !== '' && !found.has(controller)) found.set(controller, hierarchy);
  }
  return found;
}

/** A line of /proc/PID/cgroup (cgroups(7)): the names of its controllers, and the group's path. */
function readGroup(line: string): readonly (readonly [string, string])[] {
  const [, names, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
  return names === undefined || path === undefined ? [] : [[names, path]];
}

interface GroupMount {
  readonly type: string;
  /** The group that is mounted. */
  readonly root: string;
  readonly mountPoint: string;
  readonly options: readonly string[];
}

/** A line of mountinfo (proc(5)). */
function readMount(line: string): readonly GroupMount[] {
  const [before = '', after = ''] = line.split(' - ');
  const [, , , root = '', mountPoint = ''] = before.split(' ');
  const [type = '', , options = ''] = after.split(' ');
  return type.startsWith('cgroup') ? [{ type, root, mountPoint, options: options.split(',') }] : [];
}

/** A group's path below the one that is mounted. */
function below(path: string, root: string): string {
  return root !== '/' && (path === root || path.startsWith(`${root}/`)) ? path.slice(root.length) : path;
}
