import { createHash } from 'node:crypto';
import type { ApplyOptions, BackendSession, CopyInput, CopyOp, Digest, Selection, SnapshotReference, Vertex } from '@strake/api';

/** What a fake program does: it may write files, fail, or wait. */
export type Program = (files: Map<string, string>, options: ApplyOptions) => Promise<void> | void;

/** A session whose file systems are maps and whose programs are functions, named by the first argument of an exec. */
export class MemorySession implements BackendSession {
  readonly applied: string[] = [];
  readonly context = new Map<string, string>();
  readonly snapshots = new Map<string, Map<string, string>>();
  readonly programs: Record<string, Program>;
  running = 0;
  most = 0;

  constructor(programs: Record<string, Program> = {}) {
    this.programs = programs;
  }

  sourceDigest: BackendSession['sourceDigest'] = async ({ reference }) => digest(reference);

  source: BackendSession['source'] = async ({ reference }) => {
    this.snapshots.set(reference, new Map([['base', reference]]));
    return { id: reference };
  };

  async select(op: CopyOp, input: CopyInput): Promise<Selection> {
    const tree = this.tree(input);
    const files = op.sources.map((path) => ({ path, type: 'file' as const, size: 1, digest: digest(tree.get(path) ?? 'missing') }));
    return { digest: digest(JSON.stringify(files)), files };
  }

  async apply(vertex: Vertex, parent: SnapshotReference | null, inputs: readonly CopyInput[], options: ApplyOptions): Promise<SnapshotReference> {
    this.applied.push(vertex.note.name);
    this.most = Math.max(this.most, ++this.running);
    try {
      const files = new Map(parent ? this.snapshots.get(parent.id) : []);
      for (const op of vertex.ops) {
        if (op.type === 'exec') await this.programs[op.args[0] ?? '']?.(files, options);
        if (op.type === 'copy') for (const path of op.sources) files.set(path, this.tree(inputs[op.input]).get(path) ?? '');
      }
      const id = `snapshot${this.snapshots.size}`;
      this.snapshots.set(id, files);
      return { id };
    } finally {
      this.running -= 1;
    }
  }

  has: BackendSession['has'] = async ({ id }) => this.snapshots.has(id);

  image = (): never => {
    throw new Error('no image is made here');
  };

  close: BackendSession['close'] = async () => undefined;

  private tree(input: CopyInput | undefined): ReadonlyMap<string, string> {
    if (input?.kind === 'snapshot') return this.snapshots.get(input.snapshot.id) ?? new Map<string, string>();
    return this.context;
  }
}

export function digest(text: string): Digest {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
