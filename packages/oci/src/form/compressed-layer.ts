import type { Descriptor, Layer } from '@strake/api';
import { compressed, compressionName, type Compressor } from '../compression/layer-compression';
import { untilAborted } from '../compression/until-aborted';
import { compressionOfType, layerType } from '../image/media-types';
import { openLayer } from '../image/open-layer';
import type { Store } from '../store';
import type { ImageForm } from './image-form';

/** What compressing needs to be told. */
export interface CompressOptions {
  readonly signal: AbortSignal;
  progress(label: string, current: number, total?: number): void;
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

async function compress(store: Store, layer: Layer, compression: Compressor, { signal, ...options }: CompressOptions): Promise<Descriptor> {
  const { descriptor, diffId } = layer;
  const source = counted(untilAborted(layer.open(), signal), (done) => options.progress(`compressing ${diffId}`, done, descriptor.size));
  const blob = await store.blobs.ingest(compressed(source, compression), { mediaType: layerType(compression.kind) });
  const record = store.layers.get(diffId) ?? { diffId, size: descriptor.size };
  store.layers.set(diffId, { ...record, compressed: { ...record.compressed, [compressionName(compression)]: blob } });
  return blob;
}

async function* counted(source: AsyncIterable<Buffer>, report: (done: number) => void): AsyncGenerator<Buffer> {
  let done = 0;
  for await (const chunk of source) {
    yield chunk;
    done += chunk.length;
    report(done);
  }
}
