import { OperatorError, type Digest, type HistoryEntry, type ImageConfigFile } from '@strake/api';
import { makeImage } from '@strake/oci';
import { Readable } from 'node:stream';
import type { EngineClient, EngineImage } from '../engine';
import type { LayerFile } from '../copy/layer-tar';
import { archiveWithLayer, imageArchive } from './image-archive';

/** An image that is to be made of layers that the engine has, but for the highest one where that is given. */
export interface ImageParts {
  readonly config: Omit<ImageConfigFile, 'rootfs' | 'history'>;
  readonly history: readonly HistoryEntry[];
  readonly layers: readonly Digest[];
  readonly highest?: LayerFile;
}

/** Config and ID of an image, as they will be. */
export function describeImage({ config, history, layers }: ImageParts): { readonly id: Digest; readonly config: ImageConfigFile; readonly configBytes: Buffer } {
  const open = (): Readable => Readable.from([]);
  const made = makeImage({ config, history, layers: layers.map((diffId) => ({ diffId, descriptor: { mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: diffId, size: 0 }, open })) });
  return { id: made.configDescriptor.digest, config: made.config, configBytes: made.configBytes };
}

/** Puts an image together in the engine, unless it has it. Throws UNSUPPORTED for an engine that wants all layers again. */
export async function composeImage(parts: ImageParts, { images }: EngineClient, signal: AbortSignal): Promise<EngineImage> {
  const { id, configBytes } = describeImage(parts);
  const known = await images.inspect(id, signal);
  if (known !== undefined) return known;
  const archived = { id, config: configBytes, layers: parts.layers };
  await images.load(parts.highest === undefined ? imageArchive(archived) : Readable.from(archiveWithLayer(archived, parts.highest)), signal);
  const made = await images.inspect(id, signal);
  if (made !== undefined) return made;
  throw new OperatorError('UNSUPPORTED', 'the engine does not make images out of layers that it has', { hint: 'Use an engine without the containerd image store.' });
}
