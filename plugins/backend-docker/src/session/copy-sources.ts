import { join } from 'node:path';
import { InternalError, OperatorError, type BindMount, type BuildContext, type CacheMount, type CopyInput, type CopyOp, type Selection, type SessionOptions, type SnapshotReference, type SourceOp } from '@strake/api';
import { selectFiles, summarize, type LocalContext, type TakenFile } from '@strake/context';
import { mountRead } from '@strake/solver';
import { ContextReader } from '../copy/context-reader';
import type { CopySource } from '../copy/apply-copy';
import { TreeReader } from '../copy/tree-reader';
import type { EngineClient } from '../engine';
import type { Trees } from '../snapshots/trees';
import { ImageTree } from '../tree/image-tree';
import type { SourceFiles } from './source-files';

/** What copies are read with. */
export interface CopySourceParts {
  readonly client: EngineClient;
  readonly options: SessionOptions;
  readonly trees: Trees;
  readonly sources: SourceFiles;
  readonly scratch: string;
  readonly signal: AbortSignal;
  /** Makes a container of an image that is only looked into; whoever makes it removes it. */
  readonly look: (image: string) => Promise<string>;
}

const SOURCE = 'source:';

/** Says what copies take of contexts, images and sources, and reads it. */
export class CopySources {
  private readonly parts: CopySourceParts;
  private readonly images = new Map<string, Promise<ImageTree>>();
  private readonly fromOutside = new Map<string, SourceOp>();
  /** Files of contexts that change later than this are looked at twice. */
  private readonly since = Date.now();

  constructor(parts: CopySourceParts) {
    this.parts = parts;
  }

  /** A reference that stands for a source that no engine brings. */
  async refer(op: SourceOp): Promise<SnapshotReference> {
    const id = SOURCE + (await this.parts.sources.identity(op));
    this.fromOutside.set(id, op);
    return { id };
  }

  async select(op: CopyOp, input: CopyInput): Promise<Selection> {
    return input.kind === 'context' ? this.context(input.name).select(op) : summarize((await this.take(op, input)).taken);
  }

  /** What a copy takes. Throws SOURCE_MISSING. */
  async take(op: CopyOp, input: CopyInput): Promise<CopySource> {
    if (input.kind === 'context') {
      const context = this.context(input.name);
      return { taken: await context.take(op), ...this.directory(context.directory) };
    }
    const source = this.fromOutside.get(input.snapshot.id);
    if (source !== undefined) {
      const directory = await this.parts.sources.bring(source);
      const { taken } = selectFiles(directory, op, { keepOwner: false, keepXattrs: false });
      return { taken, ...this.directory(directory) };
    }
    const tree = await this.imageTree(input.snapshot);
    return { taken: await tree.take(op), reader: new TreeReader(tree.tree) };
  }

  /** What a mount begins with. */
  takeMounted(mount: BindMount | CacheMount, input: CopyInput): Promise<CopySource> {
    const [read] = mountRead(mount);
    if (read === undefined) throw new InternalError('this mount reads nothing');
    return this.take(read.op, input);
  }

  async close(): Promise<void> {
    for (const tree of this.images.values()) (await tree.catch(() => undefined))?.close();
  }

  private directory(directory: string): Pick<CopySource, 'reader' | 'pathOf'> & { readonly reader: ContextReader } {
    return { reader: new ContextReader(directory, this.since), pathOf: ({ source }: TakenFile) => join(directory, source) };
  }

  private imageTree(snapshot: SnapshotReference): Promise<ImageTree> {
    const known = this.images.get(snapshot.id) ?? this.openTree(snapshot);
    this.images.set(snapshot.id, known);
    return known;
  }

  private async openTree(snapshot: SnapshotReference): Promise<ImageTree> {
    const { client: { containers }, trees, scratch, signal, look } = this.parts;
    const id = await look((await trees.need(snapshot)).Id);
    return new ImageTree({ containers, id, signal }, scratch);
  }

  private context(name: string): LocalContext {
    const context: BuildContext | undefined = this.parts.options.contexts.get(name);
    if (context === undefined) throw new OperatorError('CONTEXT_MISSING', `there is no build context ${name === '' ? '' : `"${name}"`}`.trimEnd(), { hint: 'Give one with --build-context NAME=PATH.' });
    if (!('take' in context)) throw new InternalError('this backend reads contexts that are directories only');
    return context as LocalContext;
  }
}
