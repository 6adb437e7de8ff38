import { InternalError, type ApplyOptions, type CopyInput, type MkdirOp, type Op, type SnapshotReference, type Vertex } from '@strake/api';
import type { Store } from '@strake/oci';
import { applyCopy } from '../copy/apply-copy';
import { applyMerge } from '../copy/apply-merge';
import { applyMkdir, applyMkfile } from '../copy/make-entries';
import type { EngineClient } from '../engine';
import { bringImage } from '../image/bring-image';
import { needsOwnContainer } from '../mounts/exec-mounts';
import type { StepContainer } from '../run/step-container';
import type { Chain } from '../session/chains';
import type { Trees } from '../snapshots/trees';
import { applyCopyStep, type CopyParts } from './copy-step';
import { inputOf } from './input-of';
import type { Programs } from './programs';

/** What steps are done with. */
export interface VertexParts extends CopyParts {
  readonly client: EngineClient;
  readonly store: Store;
  readonly trees: Trees;
  readonly programs: Programs;
}

/** Does the steps of a build. */
export class Vertices {
  private readonly parts: VertexParts;

  constructor(parts: VertexParts) {
    this.parts = parts;
  }

  /** The state after a step. */
  async apply(vertex: Vertex, parent: SnapshotReference | null, inputs: readonly CopyInput[], options: ApplyOptions): Promise<SnapshotReference> {
    const { chains, programs } = this.parts;
    const [first] = vertex.ops;
    if (first?.type === 'exec' && needsOwnContainer(first.mounts ?? [])) return programs.runAlone(first, vertex, parent, inputs, options);
    const chain = await chains.begin(vertex, parent);
    try {
      if (first?.type === 'copy' && vertex.ops.length === 1) return await applyCopyStep(first, vertex, chain, inputs, options, this.parts);
      for (const op of vertex.ops) await this.applyOp(op, chain, vertex, inputs, options);
      return await chains.end(vertex, chain);
    } catch (error) {
      await chains.abandon(chain).catch(() => undefined);
      throw error;
    }
  }

  private async applyOp(op: Op, chain: Chain, vertex: Vertex, inputs: readonly CopyInput[], options: ApplyOptions): Promise<void> {
    const { container } = chain;
    switch (op.type) {
      case 'exec':
        return this.parts.programs.run(op, chain, vertex, inputs, options);
      case 'copy':
        return applyCopy(op, await this.parts.copies.take(op, inputOf(op, inputs)), container.target, options);
      case 'mkdir':
        return container.wasStarted ? makeDirectory(op, container, options) : applyMkdir(op, container.target, options);
      case 'mkfile':
        return applyMkfile(op, container.target, options);
      case 'merge':
        for (const number of op.inputs) await this.merge(inputOf({ input: number }, inputs), chain, options);
        return;
      default:
        throw new InternalError(`the op ${op.type} cannot be applied by this backend`);
    }
  }

  /** Its layers are brought here: an engine gives them away only as an archive of a whole image, and this one has no others. */
  private async merge(input: CopyInput, { container }: Chain, { signal }: ApplyOptions): Promise<void> {
    if (input.kind !== 'snapshot') throw new InternalError('only states are merged');
    const { client, store, trees } = this.parts;
    const { Id, RootFS: { Layers = [] } } = await trees.need(input.snapshot);
    if (Layers.length > 0) await applyMerge(await bringImage(Id, client, store, signal), container.target, signal);
  }
}

/** The owner is a number here, or nobody: others need files of the image, which are read before a program runs. */
function makeDirectory({ path, mode, owner = '0:0' }: MkdirOp, container: StepContainer, { signal }: ApplyOptions): Promise<void> {
  const [uid = 0, gid = 0] = owner.split(':').map(Number);
  return container.makeDirectory(path, { uid, gid, mode: mode & 0o777 }, signal);
}
