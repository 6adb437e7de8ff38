import type { Digest } from '@strake/api';
import { encodeHeader } from '@strake/oci';
import { createReadStream } from 'node:fs';
import type { LayerFile } from '../copy/layer-tar';

/** The image of an archive for `docker load`. */
export interface ArchivedImage {
  /** The exact bytes of its config; their digest is its ID. */
  readonly config: Buffer;
  readonly id: Digest;
  readonly layers: readonly Digest[];
}

/**
 * An archive with a config and no layers. An engine takes it when it has all layers already: it looks for a layer's file only when it does not
 * know the chain. So an image with any config and history is made out of layers that are there, in one small request.
 */
export function imageArchive(image: ArchivedImage): Buffer {
  return Buffer.concat([...documentsOf(image), Buffer.alloc(1024)]);
}

/** As `imageArchive`, with the highest layer, which the engine does not know. */
export async function* archiveWithLayer(image: ArchivedImage, { path, size }: LayerFile): AsyncGenerator<Buffer, void, undefined> {
  yield Buffer.concat(documentsOf(image));
  yield headerOf(layerName(image.layers.at(-1) ?? image.id), size);
  yield* createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>;
  yield Buffer.alloc(paddingOf(size) + 1024);
}

function documentsOf({ config, id, layers }: ArchivedImage): readonly Buffer[] {
  const name = `${id.slice('sha256:'.length)}.json`;
  const manifest = [{ Config: name, RepoTags: null, Layers: layers.map(layerName) }];
  return [...fileOf('manifest.json', Buffer.from(JSON.stringify(manifest))), ...fileOf(name, config)];
}

const layerName = (layer: Digest): string => `${layer.slice('sha256:'.length)}/layer.tar`;

function fileOf(name: string, content: Buffer): readonly Buffer[] {
  return [headerOf(name, content.length), content, Buffer.alloc(paddingOf(content.length))];
}

const headerOf = (name: string, size: number): Buffer => encodeHeader({ path: Buffer.from(name), type: 'file', mode: 0o644, uid: 0, gid: 0, size, mtime: 0n });

const paddingOf = (size: number): number => (512 - (size % 512)) % 512;
