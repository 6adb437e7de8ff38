import type { PackedLayer, PackOptions } from './pack-layer';

/** What a packing thread is begun with. */
export interface PackOrder {
  readonly directory: string;
  readonly options: PackOptions;
  /** One number: how many more chunks it may give before it waits. Synchronous work cannot get messages. */
  readonly credit: Int32Array;
}

/** What a packing thread tells: chunks, which are then the receiver's, and one end. */
export type PackNews =
  | { readonly kind: 'chunk'; readonly chunk: Uint8Array }
  | { readonly kind: 'packed'; readonly layer: PackedLayer }
  | { readonly kind: 'failed'; readonly message: string };
