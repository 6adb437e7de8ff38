import { CancelledError } from '@strake/api';
import type { ByteSource } from './decompressed';

/** The same bytes until somebody calls it off. Throws CANCELLED. */
export async function* untilAborted(content: ByteSource, signal: AbortSignal | undefined): AsyncGenerator<Buffer, void, undefined> {
  throwIfAborted(signal);
  for await (const chunk of content) {
    throwIfAborted(signal);
    yield chunk;
  }
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new CancelledError();
}
