import type { Descriptor, Layer } from '@strake/api';
import { compressed, compressionName, type Compressor } from '../compression/layer-compression';
import { untilAborted } from '../compression/until-aborted';
import { compressionOfType, layerType } from '../image/media-types';
import { openLayer } from '../image/open-layer';
import { giveUp } from '../owned-block';
import type { Store } from '../store';
import type { ImageForm } from './image-form';

/** What compressing needs to be told. */
export interface CompressOptions {
  readonly signal: AbortSignal;
  progress(label: string, current: number, total?: number): void;
  /** Asked for each layer that is compressed now. */
  readonly follow?: FollowLayer | undefined;
}

/** Chooses who is given a layer's compressed bytes while they come, so that they need not be read again. */
export type FollowLayer = (layer: Layer) => LayerFollower;

/** Takes compressed bytes before anybody knows their digest. What it cannot take is its own matter: nothing here throws. */
export interface LayerFollower {
  /** Takes the next bytes and tells when it has done with them; is waited for until there is room for more. */
  write(chunk: Buffer, done: () => void): Promise<void>;
  /** What they were; undefined when they will not all come. */
  end(blob: Descriptor | undefined): Promise<void>;
}

/**
 * A layer in the compression that a form asks for. One that is compressed already stays as it is unless the form forces it. The
 * store remembers what was compressed, so that it is done once for each way of compressing. Throws CANCELLED, DISK_FULL, UNSUPPORTED, STORE_INVALID.
 */
export async function compressedLayer(store: Store, layer: Layer, { compression, force }: ImageForm, options: CompressOptions): Promise<Layer> {
  const { mediaType } = layer.descriptor;
  const now = compressionOfType(mediaType);
  // Of a layer that is compressed in this way at an unknown level, BuildKit too keeps the bytes.
  if (now === compression.kind || (now !== 'none' && !force)) return layer;
  const plain = now === 'none' ? layer : uncompressed(store, layer);
  if (compression.kind === 'none') return plain;
  return openLayer(store, remembered(store, layer, compression) ?? (await compress(store, plain, compression, options)), layer.diffId);
}

function uncompressed(store: Store, { diffId }: Layer): Layer {
  const { size } = store.layers.get(diffId) ?? { size: 0 };
  return openLayer(store, { mediaType: layerType('none'), digest: diffId, size }, diffId);
}

function remembered(store: Store, { diffId }: Layer, compression: Compressor): Descriptor | undefined {
  const found = store.layers.get(diffId)?.compressed?.[compressionName(compression)];
  return found !== undefined && store.blobs.has(found.digest, found.size) ? found : undefined;
}

async function compress(store: Store, layer: Layer, compression: Compressor, { signal, follow, ...options }: CompressOptions): Promise<Descriptor> {
  const { descriptor, diffId } = layer;
  const source = counted(untilAborted(layer.open(), signal), (done) => options.progress(`compressing ${diffId}`, done, descriptor.size));
  const blob = await followed(compressed(source, compression), follow?.(layer), (bytes) => store.blobs.ingest(bytes, { mediaType: layerType(compression.kind) }));
  const record = store.layers.get(diffId) ?? { diffId, size: descriptor.size };
  store.layers.set(diffId, { ...record, compressed: { ...record.compressed, [compressionName(compression)]: blob } });
  return blob;
}

async function followed(bytes: AsyncIterable<Buffer>, follower: LayerFollower | undefined, ingest: (bytes: AsyncIterable<Buffer>) => Promise<Descriptor>): Promise<Descriptor> {
  if (follower === undefined) return ingest(bytes);
  let blob: Descriptor | undefined;
  try {
    return (blob = await ingest(shared(bytes, follower)));
  } finally {
    await follower.end(blob);
  }
}

/** The follower takes each chunk before the next one is asked for: nothing piles up. The last of both that has done with it gives it up. */
async function* shared(bytes: AsyncIterable<Buffer>, follower: LayerFollower): AsyncGenerator<Buffer> {
  for await (const chunk of bytes) {
    let holders = 2;
    const done = (): void => {
      holders -= 1;
      if (holders === 0) giveUp(chunk);
    };
    const taken = follower.write(chunk, done);
    yield chunk;
    done();
    await taken;
  }
}

async function* counted(source: AsyncIterable<Buffer>, report: (done: number) => void): AsyncGenerator<Buffer> {
  let done = 0;
  for await (const chunk of source) {
    yield chunk;
    done += chunk.length;
    report(done);
  }
}
