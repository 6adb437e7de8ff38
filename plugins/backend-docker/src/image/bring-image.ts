import { OperatorError, type Digest, type Image } from '@strake/api';
import { loadImages, openImage, type Store } from '@strake/oci';
import type { EngineClient } from '../engine';

/** Brings an image with its layers into the store, where exporters read it. */
export async function bringImage(id: Digest, { images }: EngineClient, store: Store, signal: AbortSignal): Promise<Image> {
  const [loaded] = await loadImages(store, (await images.save([id], signal)), { names: false, signal });
  // An engine with containerd's store has an ID for it that is not that of its config.
  const manifest = loaded === undefined ? undefined : store.images.get(loaded.id)?.manifest;
  if (manifest === undefined) throw new OperatorError('ENGINE_FAILED', `the engine saved no image for ${id}`);
  return openImage(store, manifest);
}
