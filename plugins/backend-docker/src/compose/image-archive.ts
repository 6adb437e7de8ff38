import type { Digest } from '@strake/api';
import { createReadStream } from 'node:fs';
import type { LayerFile } from '../copy/layer-tar';
import { ARCHIVE_END, archiveFile, archiveHeader, archivePadding } from './archive-file';

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
  return Buffer.concat([...documentsOf(image), ARCHIVE_END]);
}

/** As `imageArchive`, with the highest layer, which the engine does not know. */
export async function* archiveWithLayer(image: ArchivedImage, { path, size }: LayerFile): AsyncGenerator<Buffer, void, undefined> {
  yield Buffer.concat(documentsOf(image));
  yield archiveHeader(layerName(image.layers.at(-1) ?? image.id), size);
  yield* createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>;
  yield Buffer.concat([archivePadding(size), ARCHIVE_END]);
}

function documentsOf({ config, id, layers }: ArchivedImage): readonly Buffer[] {
  const name = `${id.slice('sha256:'.length)}.json`;
  const manifest = [{ Config: name, RepoTags: null, Layers: layers.map(layerName) }];
  return [...archiveFile('manifest.json', Buffer.from(JSON.stringify(manifest))), ...archiveFile(name, config)];
}

const layerName = (layer: Digest): string => `${layer.slice('sha256:'.length)}/layer.tar`;
