/** Kept on the memory itself, under a name that every copy of this module in a process knows: a bundled program has several. */
const OWNED = Symbol.for('strake.owned-block');

interface Ownership {
  /** Bytes of the block when it was marked. */
  readonly length: number;
  readonly takeBack: (memory: ArrayBuffer) => void;
}

type Memory = ArrayBufferLike & { [OWNED]?: Ownership | undefined };

/**
 * Marks a block that begins its memory and is the receiver's alone: it may write in it and behind it, to the end of the memory. `takeBack` gets the
 * memory once the last holder gives it up; a block that nobody gives up is the garbage collector's.
 */
export function own(block: Buffer, takeBack: (memory: ArrayBuffer) => void): Buffer {
  (block.buffer as Memory)[OWNED] = { length: block.length, takeBack };
  return block;
}

/** Bytes behind an owned block, whole as it came, that its holder may write in; 0 for any other. */
export function roomBehind(block: Buffer): number {
  const memory: Memory = block.buffer;
  return block.byteOffset === 0 && memory[OWNED]?.length === block.length ? memory.byteLength - block.length : 0;
}

/** Gives up what an owned block lies in: nobody must look there from then on. Nothing happens to other ones. */
export function giveUp(block: Buffer): void {
  const memory: Memory = block.buffer;
  const ownership = memory[OWNED];
  if (ownership === undefined) return;
  memory[OWNED] = undefined;
  ownership.takeBack(memory as ArrayBuffer);
}
