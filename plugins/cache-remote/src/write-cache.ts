import type { CacheWriter, Descriptor, Digest, StateLayer } from '@strake/api';
import { compressedLayer, encodeCacheDocument, inParallel, type CachedLayer, type ImageForm, type Store } from '@strake/oci';
import type { MadeCache } from './make-cache';

/** What a cache is written with. */
export interface WriteParts {
  readonly store: Store;
  /** Whether a layer is of a base image: it stays where that is. */
  isBase(diffId: Digest): boolean;
  readonly signal: AbortSignal;
  /** Called when all layers are there. */
  readonly done?: () => Promise<void>;
  readonly progress: (label: string, current: number, total?: number) => void;
}

const LAYERS_AT_ONCE = 4;

/** Compresses layers, puts them, and commits the document. Throws what compressing and the place throw. */
export async function writeCache(cache: MadeCache, writer: CacheWriter, form: ImageForm, parts: WriteParts): Promise<void> {
  const blobs = new Map<Digest, Descriptor>();
  await inParallel(cache.layers.filter(({ diffId }) => !parts.isBase(diffId)), LAYERS_AT_ONCE, async (layer) => {
    parts.signal.throwIfAborted();
    blobs.set(layer.diffId, await putLayer(layer, writer, form, parts));
  });
  const layers = cache.layers.map((layer) => cachedLayer(layer, blobs.get(layer.diffId), parts.store));
  const document = encodeCacheDocument({ ...cache, layers });
  const named = new Map([...blobs.values()].map((blob) => [blob.digest, blob]));
  await parts.done?.();
  await writer.commit(document, [...named.values()], parts.signal);
}

async function putLayer(layer: StateLayer, writer: CacheWriter, form: ImageForm, { store, signal, progress }: WriteParts): Promise<Descriptor> {
  const compressed = await compressedLayer(store, layer, form, { signal, progress });
  const { mediaType, digest, size } = compressed.descriptor;
  await writer.put({ descriptor: { mediaType, digest, size }, open: () => heldBack(compressed.open() as AsyncIterable<Buffer>), repositories: store.remote.repositories(digest) }, signal);
  return { mediaType, digest, size };
}

function cachedLayer({ diffId }: StateLayer, blob: Descriptor | undefined, store: Store): CachedLayer {
  const { size } = store.layers.get(diffId) ?? {};
  return { diffId, ...(blob === undefined ? {} : { blob }), ...(size === undefined ? {} : { size }) };
}

/** Each chunk is passed on when there is another: a stream that fails at its end never gives all of its bytes. */
async function* heldBack(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer | undefined;
  for await (const chunk of source) {
    if (held !== undefined) yield held;
    held = chunk;
  }
  if (held !== undefined) yield held;
}
