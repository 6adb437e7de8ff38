import type { Descriptor } from '@strake/api';
import { StrakeError } from '@strake/api';
import type { Expected, PartialBlob, Store } from '@strake/oci';

/** The bytes of a blob from an offset on. */
export type OpenFrom = (from: number) => AsyncIterable<Buffer>;

/** Takes all bytes of a blob; `into` is for the store. */
export type TakeBytes = (bytes: AsyncIterable<Buffer>, into: Pick<Expected, 'into'>) => Promise<void>;

/**
 * Brings a blob from where its last transfer ended, in this process or in one that was killed. What was left is hashed with the rest; where all of it
 * is not the blob, it is brought from the start. Throws what `open` and `take` throw.
 */
export async function goOn(store: Store, descriptor: Descriptor, open: OpenFrom, take: TakeBytes): Promise<void> {
  const partial = store.blobs.partial(descriptor.digest, descriptor.size);
  if (partial === undefined) return take(open(0), {});
  try {
    await take(joined(partial, open), { into: partial });
  } catch (error) {
    if (partial.size === 0 || !isMismatch(error)) throw error;
    partial.drop();
    partial.release();
    await goOn(store, descriptor, open, take);
  } finally {
    partial.release();
  }
}

async function* joined(partial: PartialBlob, open: OpenFrom): AsyncGenerator<Buffer, void, undefined> {
  yield* partial.read();
  yield* open(partial.size);
}

const isMismatch = (error: unknown): boolean => error instanceof StrakeError && error.code === 'DIGEST_MISMATCH';
