import { createHash } from 'node:crypto';
import type { CopyOp } from '@strake/api';
import { typeBits } from '../entry-stats';
import { compareNames } from '../file-name';
import { access, FileTree, type TreeEntry } from '../file-tree';
import { matchSources } from '../match-sources';
import { resolvePath } from '../resolve-path';
import { capabilityOf } from './capability';
import { followedPath } from './followed-path';
import { HardLinks } from './hard-links';
import { hashContent, tarsumOf, type TarsumHeader } from './tarsum';

/** An entry of a context on its way to an engine. */
export interface SentEntry {
  readonly header: TarsumHeader;
  /** Where its bytes are. */
  readonly path: string | Buffer;
  /** When it was changed last, since 1970. */
  readonly seconds: number;
}

const TYPEFLAGS: Readonly<Record<number, string>> = { 0o100000: '0', 0o120000: '2', 0o020000: '3', 0o060000: '4', 0o040000: '5', 0o010000: '6' };

/**
 * The sums by which Docker's classic builder knows the sources of a COPY. Of a build context they are those of the tar that a client
 * sends: everything is root's, and a second name of a file is a hard link. Of an image, files keep their owners.
 */
export class SourceSums {
  private readonly tree: FileTree;
  private readonly links: HardLinks | undefined;
  private readonly known = new Map<string, string>();
  private readonly typed: boolean;

  /** `typed`: modes have the bits of the type too, as Docker's clients before 24 sent them. */
  constructor(tree: FileTree, of: 'context' | 'image', typed = false) {
    this.tree = tree;
    this.typed = typed;
    this.links = of === 'context' ? new HardLinks(tree) : undefined;
  }

  /** `file:…` or `dir:…` of each thing that the sources name, in order. Throws SOURCE_MISSING, PERMISSION. */
  of({ sources }: Pick<CopyOp, 'sources'>): readonly string[] {
    return matchSources(this.tree, { sources }).map(({ entry }) => (entry.type === 'directory' ? `dir:${this.directory(entry)}` : `file:${this.sum(entry)}`));
  }

  /** Everything that is seen of the tree, as a client of Docker sends it: parents before what is in them. Throws PERMISSION. */
  *entries(): Generator<SentEntry, void, undefined> {
    const stack = [this.tree.children(this.tree.rootEntry).values()];
    for (let at = stack.at(-1); at !== undefined; at = stack.at(-1)) {
      const next = at.next();
      if (next.done === true) {
        stack.pop();
        continue;
      }
      const entry = next.value;
      yield { header: this.header(entry), path: this.tree.systemPath(entry.path), seconds: Math.floor(entry.stats.mtimeMs / 1000) };
      if (entry.type === 'directory') stack.push(this.tree.children(entry).values());
    }
  }

  private directory(directory: TreeEntry): string {
    const sums: string[] = directory.path === '' ? [] : [this.sum(directory)];
    const walk = (at: TreeEntry): void => {
      for (const entry of this.tree.children(at).values()) {
        sums.push(this.followed(entry));
        if (entry.type === 'directory') walk(entry);
      }
    };
    walk(directory);
    return createHash('sha256').update(sums.sort(compareNames).join(',')).digest('hex');
  }

  /** A link counts as what it leads to. One that leads nowhere has no sum: a path stands for it, of a context its own, of an image the one that it leads to. */
  private followed(entry: TreeEntry): string {
    if (entry.type !== 'symlink') return this.sum(entry);
    const target = resolvePath(this.tree, entry.path);
    if (this.links === undefined) return target === undefined ? followedPath(this.tree, entry.path) : this.sum(target);
    return target === undefined || target.path === '' ? entry.path : this.sum(target);
  }

  private sum(entry: TreeEntry): string {
    const known = this.known.get(entry.path);
    if (known !== undefined) return known;
    const header = this.header(entry);
    const hash = tarsumOf(header);
    if (header.typeflag === '0') access(entry.path, () => hashContent(hash, this.tree.systemPath(entry.path)));
    const sum = hash.digest('hex');
    this.known.set(entry.path, sum);
    return sum;
  }

  private header(entry: TreeEntry): TarsumHeader {
    const { stats, type, path } = entry;
    const linked = type === 'directory' ? undefined : this.links?.firstOf(entry);
    const owner = this.links === undefined ? { uid: stats.uid, gid: stats.gid } : { uid: 0, gid: 0 };
    const capability = access(path, () => capabilityOf(this.tree.systemPath(path)));
    const device = type === 'other' ? { devmajor: (stats.rdev >> 8) & 0xfff, devminor: (stats.rdev & 0xff) | ((stats.rdev >> 12) & 0xfff00) } : { devmajor: 0, devminor: 0 };
    return {
      ...owner, ...device,
      name: type === 'directory' ? `${path === '' ? '.' : path}/` : path,
      mode: this.typed ? stats.mode : stats.mode & 0o7777,
      size: type === 'file' && linked === undefined ? stats.size : 0,
      typeflag: linked === undefined ? (TYPEFLAGS[typeBits(stats)] ?? '0') : '1',
      linkname: linked ?? (type === 'symlink' ? this.tree.linkTarget(entry) : ''),
      ...(capability === undefined ? {} : { capability }),
    };
  }
}

/** The sums of sources below a directory that is an image's tree. */
export function imageSums(root: string, op: Pick<CopyOp, 'sources'>): readonly string[] {
  return new SourceSums(new FileTree(root), 'image').of(op);
}
