import type { LoweredMount, LoweredOp, Mount, Op, Origin } from '@strake/api';

/** The index of a tree among a vertex's inputs, which it joins when it is new. */
export type InputNumber = (origin: Origin) => Promise<number>;

/** An op as the graph has it: what it reads is numbered. */
export async function placeOp(op: LoweredOp, numberOf: InputNumber): Promise<Op> {
  switch (op.type) {
    case 'copy': {
      const { from, ...rest } = op;
      return { ...rest, input: await numberOf(from) };
    }
    case 'exec': {
      const { mounts, ...rest } = op;
      return mounts === undefined ? rest : { ...rest, mounts: await inOrder(mounts, (mount) => placeMount(mount, numberOf)) };
    }
    case 'merge':
      return { type: 'merge', inputs: await inOrder(op.from, numberOf) };
    default:
      return op;
  }
}

async function placeMount(mount: LoweredMount, numberOf: InputNumber): Promise<Mount> {
  if (mount.type === 'bind') {
    const { from, ...rest } = mount;
    return { ...rest, input: await numberOf(from) };
  }
  if (mount.type !== 'cache') return mount;
  const { from, ...rest } = mount;
  return from === undefined ? rest : { ...rest, from: { input: await numberOf(from.origin), source: from.source } };
}

/** One after the other: the order gives the numbers. */
async function inOrder<T, R>(items: readonly T[], place: (item: T) => Promise<R>): Promise<readonly R[]> {
  const placed: R[] = [];
  for (const item of items) placed.push(await place(item));
  return placed;
}
