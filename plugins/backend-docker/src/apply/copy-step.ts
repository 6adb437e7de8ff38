import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ApplyOptions, CopyInput, CopyOp, SnapshotReference, Vertex } from '@strake/api';
import { applyCopy } from '../copy/apply-copy';
import { planLayer } from '../copy/plan-layer';
import type { Chain, Chains } from '../session/chains';
import type { CopySources } from '../session/copy-sources';
import { inputOf } from './input-of';

/** What copies are made with. */
export interface CopyParts {
  readonly chains: Chains;
  readonly copies: CopySources;
  /** A private directory of this machine. */
  readonly scratch: string;
}

/** A copy that is a whole step. Many files are a layer sooner than they are in a container, of which a layer is made afterwards. */
export async function applyCopyStep(op: CopyOp, vertex: Vertex, chain: Chain, inputs: readonly CopyInput[], options: ApplyOptions, { chains, copies, scratch }: CopyParts): Promise<SnapshotReference> {
  const source = await copies.take(op, inputOf(op, inputs));
  const plan = await planLayer(op, source, chain.container.target, chain.steps === 0, options);
  if (plan === undefined) {
    await applyCopy(op, source, chain.container.target, options);
    return chains.end(vertex, chain);
  }
  const renewed = await chains.renew(vertex, chain);
  const layer = plan.write(join(scratch, `layer-${randomBytes(6).toString('hex')}`));
  try {
    return await chains.endWithLayer(vertex, renewed, layer);
  } finally {
    rmSync(layer.path, { force: true });
  }
}
