import { CancelledError, DockerfileError, InternalError, StepFailedError, type ApplyOptions, type ArchiveOptions, type BackendSession, type CopyInput, type CopyOp, type Digest, type ExecOp, type GraphResult, type Image, type Op, type Selection, type SessionOptions, type SnapshotReference, type SourceOp, type Vertex } from '@strake/api';
import { rootedPath } from '@strake/context';
import { digestOf, makeImage } from '@strake/oci';
import { contextTree } from '../tree/context-tree';
import { memoryLayer } from '../tree/memory-image';
import { imageTree } from '../tree/image-tree';
import { plainDirectory, plainFile, treeOf, type Tree, type TreeEntry } from '../tree/tree-entry';
import { changesOf, writeTar } from '../tree/write-tar';
import { copyFiles, ownerOf, put, selectFiles } from './copy-files';
import { memoryFiles } from './memory-files';
import { openMounts } from './memory-mounts';
import type { MemoryState } from './memory-state';

const PLATFORM = { os: 'linux', architecture: 'amd64' };

/** One build on a backend in memory. */
export class MemorySession implements BackendSession {
  private readonly contexts = new Map<string, Promise<Tree>>();

  constructor(private readonly state: MemoryState, private readonly options: SessionOptions) {}

  async sourceDigest(op: SourceOp): Promise<Digest> {
    // Nobody brings other sources here: their definition stands for them.
    if (op.scheme !== 'image') return digestOf(JSON.stringify(op));
    return digestOf(JSON.stringify(this.state.image(op.reference, op.platform ?? PLATFORM).config.rootfs.diff_ids));
  }

  async source(op: SourceOp): Promise<SnapshotReference> {
    // Nothing is made for a question: what such a tree holds cannot be known.
    if (this.options.readonly === true) return { id: await this.sourceDigest(op) };
    if (op.scheme !== 'image') throw new DockerfileError('UNSUPPORTED', `the backend in memory brings no ${op.scheme}`);
    const image = this.state.image(op.reference, op.platform ?? PLATFORM);
    return this.state.keep({ tree: await imageTree(image), layers: image.layers });
  }

  async select(op: CopyOp, input: CopyInput): Promise<Selection | undefined> {
    const tree = await this.tree(input);
    return tree && selectFiles(tree, op, input.kind === 'snapshot');
  }

  async apply(vertex: Vertex, parent: SnapshotReference | null, inputs: readonly CopyInput[], options: ApplyOptions): Promise<SnapshotReference> {
    if (this.options.readonly === true) throw new InternalError('a session that only answers questions cannot apply anything');
    this.state.applied.push(vertex.note.name);
    this.state.most = Math.max(this.state.most, (this.state.running += 1));
    try {
      const base = parent === null ? { tree: new Map<string, TreeEntry>(), layers: [] } : this.state.snapshot(parent);
      const tree = new Map(base.tree);
      for (const op of vertex.ops) await this.applyOp(op, tree, inputs, options);
      return this.state.keep({ name: vertex.note.name, tree, layers: [...base.layers, memoryLayer(changesOf(base.tree, tree))] });
    } finally {
      this.state.running -= 1;
    }
  }

  async has({ id }: SnapshotReference): Promise<boolean> {
    return this.state.snapshots.has(id);
  }

  async image({ config, history }: GraphResult, root: SnapshotReference | null): Promise<Image> {
    if (this.options.readonly === true) throw new InternalError('a session that only answers questions cannot make an image');
    return makeImage({ config, history, layers: root === null ? [] : this.state.snapshot(root).layers });
  }

  async *archive(root: SnapshotReference | null, { prefix, open, epoch }: ArchiveOptions): AsyncIterable<Buffer> {
    const tree = root === null ? new Map<string, TreeEntry>() : this.state.snapshot(root).tree;
    yield writeTar(tree, { ...(prefix === undefined ? {} : { prefix }), ...(open === undefined ? {} : { open }), ...(epoch === undefined ? {} : { epoch }) });
  }

  async close(): Promise<void> {
    this.contexts.clear();
  }

  private async applyOp(op: Op, tree: Map<string, TreeEntry>, inputs: readonly CopyInput[], options: ApplyOptions): Promise<void> {
    if (options.signal.aborted || this.options.signal.aborted) throw new CancelledError();
    switch (op.type) {
      case 'exec': return this.run(op, tree, inputs, options);
      case 'copy': return copyFiles(tree, op, await this.input(inputs, op.input));
      case 'mkdir': return makeDirectory(tree, op.path, { ...plainDirectory, mode: op.mode, ...owned(op.owner) });
      case 'mkfile': return makeFile(tree, op);
      case 'merge': {
        for (const index of op.inputs) for (const [path, entry] of await this.input(inputs, index)) put(tree, path, entry);
        return;
      }
      case 'source': throw new InternalError('a source is no step');
    }
  }

  private async run(exec: ExecOp, tree: Map<string, TreeEntry>, inputs: readonly CopyInput[], options: ApplyOptions): Promise<void> {
    const mounts = await openMounts(exec.mounts ?? [], (index) => this.input(inputs, index), (id, make) => this.state.cache(id, make));
    const program = this.state.programs[exec.args[0] ?? ''] ?? this.state.programs['*'];
    const code = program === undefined ? 127 : ((await program(memoryFiles(tree, mounts), { ...options, exec })) ?? 0);
    if (code !== 0) throw new StepFailedError(exec.args, code);
  }

  private async input(inputs: readonly CopyInput[], index: number): Promise<Tree> {
    const input = inputs[index];
    const tree = input && (await this.tree(input));
    if (tree === undefined) throw new InternalError(`there is no input ${index}`);
    return tree;
  }

  /** Undefined for a context that was not given: a dry run cannot know what is in it. */
  private async tree(input: CopyInput): Promise<Tree | undefined> {
    if (input.kind === 'snapshot') return this.state.snapshots.get(input.snapshot.id)?.tree;
    const context = this.options.contexts.get(input.name);
    if (context === undefined) return input.name === '' && this.state.context.size > 0 ? treeOf(Object.fromEntries(this.state.context)) : undefined;
    const tree = this.contexts.get(input.name) ?? contextTree(context);
    this.contexts.set(input.name, tree);
    return tree;
  }
}

function makeDirectory(tree: Map<string, TreeEntry>, path: string, entry: TreeEntry): void {
  const place = rootedPath(path);
  if (place !== '' && tree.get(place)?.type !== 'directory') put(tree, place, entry, entry);
}

function makeFile(tree: Map<string, TreeEntry>, { path, name, content, mode, owner, parentMode }: Extract<Op, { readonly type: 'mkfile' }>): void {
  const place = rootedPath(path);
  const target = name !== undefined && (place === '' || tree.get(place)?.type === 'directory') ? rootedPath(`${place}/${name}`) : place;
  put(tree, target, { ...plainFile(content, mode), ...owned(owner) }, { ...plainDirectory, mode: parentMode ?? 0o755, ...owned(owner) });
}

function owned(owner: string | undefined): Partial<TreeEntry> {
  const [uid, gid] = ownerOf(owner) ?? [];
  return uid === undefined || gid === undefined ? {} : { uid, gid };
}
