import { OperatorError, type Digest, type Image, type ImageOptions } from '@strake/api';
import { encodeGoJson, type Store } from '@strake/oci';
import type { EngineClient } from '../engine';
import { baseConfig } from '../image/base-config';
import { bringImage } from '../image/bring-image';

/** An engine's image as exporters want it. Where nobody reads its layers it stays there, and what the engine tells of its config stands for it. */
export async function openStepImage(id: Digest, { content = false }: ImageOptions, { client, store, signal }: { readonly client: EngineClient; readonly store: Store; readonly signal: AbortSignal }): Promise<Image> {
  if (content) return bringImage(id, client, store, signal);
  const image = await client.images.inspect(id, signal);
  if (image === undefined) throw new OperatorError('IMAGE_MISSING', `the image ${id} is not in the engine any more`);
  const config = baseConfig(image, await client.images.history(id));
  const configBytes = encodeGoJson(config);
  const descriptor = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: id, size: configBytes.length };
  return { manifest: descriptor, manifestBytes: configBytes, config, configDescriptor: descriptor, configBytes, layers: [] };
}
