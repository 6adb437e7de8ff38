import type { Descriptor, Digest, Image } from '@strake/api';
import { MEDIA_TYPES } from '@strake/oci';
import { createReadStream } from 'node:fs';
import type { LayerFile } from '../copy/layer-tar';
import { ARCHIVE_END, archiveFile, archiveHeader, archivePadding } from './archive-file';

/** What an archive names, and what it brings of it. */
export type ArchivedManifest = Pick<Image, 'manifest' | 'manifestBytes' | 'configDescriptor' | 'configBytes'>;

/**
 * An image layout with a manifest and a config, and no layers. An engine with the store of containerd takes it as it is: blobs that a manifest names are
 * those of the store, whoever brought them, and live from then on as long as the image does.
 */
export function layoutArchive(image: ArchivedManifest): Buffer {
  return Buffer.concat([...documentsOf(image), ARCHIVE_END]);
}

/** As `layoutArchive`, with the highest layer, which the engine does not know. */
export async function* layoutWithLayer(image: ArchivedManifest, { path, size, diffId }: LayerFile): AsyncGenerator<Buffer, void, undefined> {
  yield Buffer.concat(documentsOf(image));
  yield archiveHeader(blobName(diffId), size);
  yield* createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>;
  yield Buffer.concat([archivePadding(size), ARCHIVE_END]);
}

/** Where a blob is in a layout. */
export const blobName = (digest: Digest): string => `blobs/${digest.replace(':', '/')}`;

function documentsOf({ manifest, manifestBytes, configDescriptor, configBytes }: ArchivedManifest): readonly Buffer[] {
  return [
    ...archiveFile('oci-layout', json({ imageLayoutVersion: '1.0.0' })),
    ...archiveFile('index.json', json({ schemaVersion: 2, mediaType: MEDIA_TYPES.index, manifests: [plain(manifest)] })),
    ...archiveFile(blobName(manifest.digest), manifestBytes),
    ...archiveFile(blobName(configDescriptor.digest), configBytes),
  ];
}

const json = (content: unknown): Buffer => Buffer.from(JSON.stringify(content));

const plain = ({ mediaType, digest, size }: Descriptor): Descriptor => ({ mediaType, digest, size });
