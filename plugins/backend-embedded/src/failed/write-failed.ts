import { createReadStream, rmSync } from 'node:fs';
import type { ContainerConfig, Image, Platform } from '@strake/api';
import { MEDIA_TYPES, openLayer, type Store } from '@strake/oci';
import { writeImage } from '../image/write-image';
import type { DatedLayer } from '../stacks';
import type { Diff } from '../worker/protocol';

/** A failed state, packed. */
export interface PackedState {
  /** The tar of its layer; it is removed. */
  readonly file: string;
  readonly layer: Diff;
  /** Of the state before, lowest first. */
  readonly layers: readonly DatedLayer[];
  readonly config: ContainerConfig;
  readonly platform: Platform;
}

/** Writes the image of a failed state into the store. Its layer is kept as a blob: no snapshot may be taken for what the step would have made. */
export async function writeFailed(store: Store, { file, layer: { diffId, size }, layers, config, platform }: PackedState): Promise<Image> {
  try {
    await store.blobs.ingest(createReadStream(file) as AsyncIterable<Buffer>, { digest: diffId, size });
  } finally {
    rmSync(file, { force: true });
  }
  const blob = { mediaType: MEDIA_TYPES.layer, digest: diffId, size };
  store.layers.set(diffId, { ...store.layers.get(diffId), diffId, size, blob });
  const { architecture, os, variant } = platform;
  const history = [...layers.map(() => ({ created_by: 'before the step that failed' })), { created_by: 'a step that failed' }];
  const made = { architecture, os, ...(variant === undefined ? {} : { variant }), config, created: new Date().toISOString() };
  return writeImage(store, { platform, root: null, config: made, history }, [...layers, { layer: openLayer(store, blob, diffId), created: undefined }]);
}
