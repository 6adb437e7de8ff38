import type { ApplyOptions, CopyInput, ExecOp, SnapshotReference, Vertex } from '@strake/api';
import { prepareMounts, type MountParts, type PreparedMounts } from '../mounts/exec-mounts';
import { runExec } from '../run/run-exec';
import type { StepContainer } from '../run/step-container';
import type { Chain, Chains } from '../session/chains';
import type { LookedImages } from '../session/looked-images';

/** What programs are run with. */
export interface ProgramParts {
  readonly chains: Chains;
  readonly mounts: MountParts;
  readonly looked: LookedImages;
}

/** Runs the programs of steps. */
export class Programs {
  private readonly parts: ProgramParts;

  constructor(parts: ProgramParts) {
    this.parts = parts;
  }

  /** One without mounts, or with secrets alone, where the step before it ended. */
  async run(op: ExecOp, { container }: Chain, vertex: Vertex, inputs: readonly CopyInput[], options: ApplyOptions): Promise<void> {
    const mounts = await prepareMounts(op, inputs, (op.mounts ?? []).length === 0 ? undefined : container.target.files, this.parts.mounts, options);
    await runWith(mounts, op, container, vertex, options);
  }

  /** One with mounts, as a whole step: they are those of its container, which is for nothing else. */
  async runAlone(op: ExecOp, vertex: Vertex, parent: SnapshotReference | null, inputs: readonly CopyInput[], options: ApplyOptions): Promise<SnapshotReference> {
    const { chains, looked } = this.parts;
    const base = await chains.settle(parent);
    const mounts = await prepareMounts(op, inputs, base === null ? undefined : await looked.files(base.Id), this.parts.mounts, options);
    try {
      const chain = await chains.beginAlone(op, base, mounts.volumes);
      try {
        await runWith(mounts, op, chain.container, vertex, options);
        return await chains.end(vertex, mounts.points.length === 0 ? chain : await chains.leaveVolumes(op, chain, mounts.points));
      } catch (error) {
        await chains.abandon(chain).catch(() => undefined);
        throw error;
      }
    } finally {
      await mounts.release();
    }
  }
}

async function runWith({ files, secretEnv, hidden }: PreparedMounts, op: ExecOp, container: StepContainer, { unkeyedEnv = [] }: Vertex, options: ApplyOptions): Promise<void> {
  try {
    await files.show(container, options);
    await runExec({ op: { ...op, env: withVariables(op.env, unkeyedEnv) }, secretEnv, hidden }, container, options);
  } finally {
    files.close();
  }
  await files.hide(container, options);
}

/** The environment with more variables, which win. */
function withVariables(env: readonly string[], added: readonly string[]): readonly string[] {
  const nameOf = (entry: string): string => entry.slice(0, entry.indexOf('='));
  const names = new Set(added.map(nameOf));
  return [...env.filter((entry) => !names.has(nameOf(entry))), ...added];
}
