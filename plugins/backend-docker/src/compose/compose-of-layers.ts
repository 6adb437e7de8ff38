import { OperatorError } from '@strake/api';
import { Readable } from 'node:stream';
import type { EngineClient } from '../engine';
import { describeImage, type Composed, type ImageParts } from './compose-image';
import { archiveWithLayer, imageArchive } from './image-archive';

/** In an engine that knows layers by their chains: an archive names them, and need not have them. The config stands for the image there. */
export async function composeOfLayers(parts: ImageParts, { images }: EngineClient, signal: AbortSignal): Promise<Composed> {
  const { config, configBytes, configDescriptor } = describeImage(parts);
  const id = configDescriptor.digest;
  const image = { manifest: configDescriptor, manifestBytes: configBytes, config, configDescriptor, configBytes, layers: [] };
  const known = parts.from?.Id === id ? parts.from : await images.inspect(id, signal);
  if (known !== undefined) return { made: known, image };
  const archived = { id, config: configBytes, layers: parts.layers };
  await images.load(parts.highest === undefined ? imageArchive(archived) : Readable.from(archiveWithLayer(archived, parts.highest)), signal);
  const made = await images.inspect(id, signal);
  if (made !== undefined) return { made, image };
  throw new OperatorError('UNSUPPORTED', 'the engine does not make images out of layers that it has', { hint: 'Use --cache classic, or build with the embedded backend and --load.' });
}
