import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { OperatorError, type SelectedFile } from '@strake/api';
import type { EntryFacts } from './entry-facts';
import { entryStats, typeOf, type EntryStats } from './entry-stats';
import { compareNames, decodeName, encodePath } from './file-name';
import type { Ignore, IgnoreVerdict } from './ignore';

/** One thing in a tree. */
export interface TreeEntry {
  /** Relative to the tree's root; empty for the root. */
  readonly path: string;
  readonly name: string;
  readonly type: SelectedFile['type'];
  readonly stats: EntryStats;
  readonly verdict: IgnoreVerdict | undefined;
  /** Once it was read. */
  facts: EntryFacts | undefined;
}

/** A tree that copies are selected in: a directory, or whatever else can list its entries. */
export interface Tree {
  readonly ignore: Ignore | undefined;
  readonly rootEntry: TreeEntry;
  /** The visible children of a directory by name, in the order of their names' bytes. Empty for what is no directory. */
  children(directory: TreeEntry): ReadonlyMap<string, TreeEntry>;
  /** Where a link points, as it is written. */
  linkTarget(link: TreeEntry): string;
}

/**
 * A directory tree seen through an ignore file. Read lazily, and each directory at most once: what it answers is one
 * moment's state. Synchronous, because asynchronous directory reading costs several times as much and leaves a private mount namespace.
 */
export class FileTree implements Tree {
  readonly root: string;
  readonly ignore: Ignore | undefined;
  readonly rootEntry: TreeEntry;
  private readonly directories = new Map<string, ReadonlyMap<string, TreeEntry>>();

  /** `root` is absolute and exists; a link is followed. */
  constructor(root: string, ignore?: Ignore) {
    this.root = root;
    this.ignore = ignore;
    this.rootEntry = entryOf('', '', entryStats(lstatSync(root === '/' ? root : `${root}/.`)), undefined);
  }

  /** The visible children of a directory by name, in the order of their names' bytes. Empty for what is no directory. Throws PERMISSION. */
  children(directory: TreeEntry): ReadonlyMap<string, TreeEntry> {
    const known = this.directories.get(directory.path);
    if (known !== undefined) return known;
    const children = directory.type === 'directory' ? this.read(directory) : new Map<string, TreeEntry>();
    this.directories.set(directory.path, children);
    return children;
  }

  /** Whether a path is not there, or not seen any more, as far as directories were read. */
  isGone(path: string): boolean {
    for (let end = path.indexOf('/'), start = 0; start <= path.length; start = end + 1, end = path.indexOf('/', start)) {
      if (end < 0) end = path.length;
      const children = this.directories.get(path.slice(0, Math.max(0, start - 1)));
      if (children === undefined) return false;
      if (!children.has(path.slice(start, end))) return true;
    }
    return false;
  }

  /** The path for system calls. */
  systemPath(path: string): string | Buffer {
    return encodePath(path === '' ? this.root : `${this.root}/${path}`);
  }

  /** Where a link points, as it is written. */
  linkTarget(link: TreeEntry): string {
    return access(link.path, () => decodeName(readlinkSync(this.systemPath(link.path), 'buffer')));
  }

  private read(directory: TreeEntry): ReadonlyMap<string, TreeEntry> {
    const names = access(directory.path, () => readNames(this.systemPath(directory.path)));
    const children = new Map<string, TreeEntry>();
    for (const name of names.sort(compareNames)) {
      const child = this.readChild(directory, name);
      if (child !== undefined) children.set(name, child);
    }
    return children;
  }

  private readChild(directory: TreeEntry, name: string): TreeEntry | undefined {
    const path = directory.path === '' ? name : `${directory.path}/${name}`;
    const verdict = this.ignore?.step(path, directory.verdict);
    if (verdict?.ignored === true && this.ignore?.mayShowBelow(path) !== true) return undefined;
    const stats = access(path, () => lstatSync(this.systemPath(path), { throwIfNoEntry: false }));
    // Gone since the directory was read; a socket is nothing that can be copied.
    if (stats === undefined || stats.isSocket()) return undefined;
    const entry = entryOf(path, name, entryStats(stats), verdict);
    const hidden = verdict?.ignored === true && this.children(entry).size === 0;
    return hidden ? undefined : entry;
  }
}

const entryOf = (path: string, name: string, stats: EntryStats, verdict: IgnoreVerdict | undefined): TreeEntry => ({ path, name, type: typeOf(stats), stats, verdict, facts: undefined });

const REPLACEMENT = '\ufffd';

function readNames(path: string | Buffer): string[] {
  const names = readdirSync(path, 'utf8');
  if (!names.some((name) => name.includes(REPLACEMENT))) return names;
  return readdirSync(path, 'buffer').map(decodeName);
}

/** Runs a system call on a path of the tree; a refusal becomes an error that names the path. */
export function access<T>(path: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
    throw new OperatorError('PERMISSION', `cannot read "${path === '' ? '.' : path}": permission denied`, {
      cause: error,
      hint: 'give yourself the right to read it, or ignore it in .dockerignore',
    });
  }
}
