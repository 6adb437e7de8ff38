import { createHash, type Hash } from 'node:crypto';
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { posix } from 'node:path';
import { compareNames, decodeName, pathBytes, type Tree, type TreeEntry } from '@strake/context';
import { TarReader, type TarHeader, type TarType } from '@strake/oci';
import { nodeEntry } from './node-entry';

/** One entry of a tar, and where its content is. */
export interface TarNode {
  readonly entry: TreeEntry;
  readonly header: TarHeader;
  /** Where its content begins in the file that holds it. */
  readonly offset: number;
  /** SHA-256 of its content, in hex. */
  readonly content: string;
  /** Two names of one file have the same number. */
  readonly file: number;
  /** Stands there only because of what is in it. */
  readonly implied: boolean;
  readonly children: Map<string, TarNode>;
  sorted?: ReadonlyMap<string, TreeEntry>;
}

/** Where an entry of a tar goes in a tree; undefined leaves it out. */
export type PlaceEntry = (name: string, header: TarHeader) => string | undefined;

/**
 * The tree in tars: headers in memory, content in a file without a name. Names never lead out of it, and nothing is written through a link:
 * what stands where a directory must be gives way. Of two entries with one name the later counts, but for directories, which are merged.
 */
export class TarTree implements Tree {
  readonly ignore = undefined;
  private readonly top: TarNode = impliedNode('', 0);
  private readonly file: number;
  private size = 0;
  private count = 0;

  /** An empty one; `path` is where its file is made, and removed at once. */
  constructor(path: string) {
    this.file = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
  }

  get rootEntry(): TreeEntry {
    return this.top.entry;
  }

  children(directory: TreeEntry): ReadonlyMap<string, TreeEntry> {
    const node = this.find(directory.path);
    if (node?.entry.type !== 'directory') return new Map();
    return (node.sorted ??= new Map([...node.children].sort(([left], [right]) => compareNames(left, right)).map(([name, child]) => [name, child.entry])));
  }

  linkTarget({ path }: TreeEntry): string {
    return decodeName(this.find(path)?.header.target ?? Buffer.alloc(0));
  }

  find(path: string): TarNode | undefined {
    let node: TarNode | undefined = this.top;
    for (const name of namesOf(path)) node = node?.children.get(name);
    return node;
  }

  /** The content of a file in pieces; each is valid until the next. */
  *content({ offset, header: { size } }: TarNode): Generator<Buffer, void, undefined> {
    const buffer = Buffer.allocUnsafe(Math.min(1 << 18, Math.max(1, size)));
    for (let done = 0; done < size; ) {
      const length = readSync(this.file, buffer, 0, Math.min(buffer.length, size - done), offset + done);
      if (length === 0) throw new RangeError('the file of a tree is shorter than it was');
      done += length;
      yield buffer.subarray(0, length);
    }
  }

  /** Takes the directories of a list out that nothing is in, unless something is in the last of them. */
  dropEmpty(names: readonly string[]): void {
    const isEmpty = (name: string): boolean => this.top.children.get(name)?.children.size === 0 && this.top.children.get(name)?.entry.type === 'directory';
    if (!isEmpty(names.at(-1) ?? '')) return;
    for (const name of names.filter(isEmpty)) this.top.children.delete(name);
    delete this.top.sorted;
  }

  /** Takes what is at a path out; nothing happens where nothing is. */
  remove(path: string): void {
    const parent = this.find(posix.dirname(path) === '.' ? '' : posix.dirname(path));
    if (parent?.children.delete(posix.basename(path)) === true) delete parent.sorted;
  }

  /** Takes everything out of a directory. */
  clear(path: string): void {
    const directory = this.find(path);
    directory?.children.clear();
    delete directory?.sorted;
  }

  close(): void {
    closeSync(this.file);
  }

  /** Adds a tar. `place` says where an entry goes, or that it is left out; names are relative, without a slash at the end. Throws IMAGE_INVALID. */
  async add(tar: AsyncIterable<Buffer>, place: PlaceEntry = (name) => name): Promise<void> {
    let open: { readonly header: TarHeader; readonly path: string | undefined; readonly offset: number; readonly hash: Hash } | undefined;
    const reader = new TarReader({
      entry: (header) => (open = { header, path: place(cleaned(decodeName(header.path)), header), offset: this.size, hash: createHash('sha256') }),
      content: (chunk) => {
        if (open?.path === undefined) return;
        open.hash.update(chunk);
        writeSync(this.file, chunk, 0, chunk.length, this.size);
        this.size += chunk.length;
      },
      end: () => {
        if (open?.path !== undefined) this.put(open.path, open.header, open.offset, open.hash.digest('hex'), place);
        open = undefined;
      },
    });
    for await (const chunk of tar) reader.write(chunk);
    reader.end();
  }

  private put(path: string, header: TarHeader, offset: number, content: string, place: PlaceEntry): void {
    if (path === '') {
      if (header.type === 'directory') Object.assign(this.top, { header, implied: false, entry: nodeEntry('', header, content, 0) });
      return;
    }
    const parent = this.directory(posix.dirname(path) === '.' ? '' : posix.dirname(path));
    const name = posix.basename(path);
    const linked = header.type === 'link' ? this.linked(header, place) : undefined;
    if (header.type === 'link' && linked === undefined) return;
    const file = linked?.file ?? (this.count += 1);
    const own = linked === undefined ? { header, offset, content } : { header: linked.header, offset: linked.offset, content: linked.content };
    const children = header.type === 'directory' ? (parent.children.get(name)?.children ?? new Map<string, TarNode>()) : new Map<string, TarNode>();
    delete parent.sorted;
    parent.children.set(name, { ...own, file, implied: false, children, entry: nodeEntry(path, own.header, own.content, file) });
  }

  private linked({ target = Buffer.alloc(0), ...header }: TarHeader, place: PlaceEntry): TarNode | undefined {
    const path = place(cleaned(decodeName(target)), { ...header, target });
    return path === undefined ? undefined : this.find(path);
  }

  private directory(path: string): TarNode {
    let node = this.top;
    let at = '';
    for (const name of namesOf(path)) {
      at = at === '' ? name : `${at}/${name}`;
      const known = node.children.get(name);
      const next = known?.entry.type === 'directory' ? known : impliedNode(at, (this.count += 1));
      if (next !== known) {
        delete node.sorted;
        node.children.set(name, next);
      }
      node = next;
    }
    return node;
  }
}

const namesOf = (path: string): readonly string[] => (path === '' ? [] : path.split('/'));

/** A name as a path below the root: `..` at the top leads nowhere. */
const cleaned = (name: string): string => posix.normalize(`/${name}`).replace(/^\/+|\/+$/g, '');

function impliedNode(path: string, file: number): TarNode {
  const header = { path: pathBytes(path), type: 'directory' as TarType, mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0n };
  return { header, offset: 0, content: '', file, implied: true, children: new Map(), entry: nodeEntry(path, header, '', file) };
}
