import { OperatorError, type SourceOp } from '@strake/api';
import type { EngineImage, EngineImages } from '../engine';

/** The base image of a source, which is pinned by its ID. Throws IMAGE_MISSING. */
export async function baseImage({ reference }: SourceOp, images: EngineImages, signal: AbortSignal): Promise<EngineImage> {
  const image = await images.inspect(reference.slice(reference.indexOf('@') + 1), signal);
  if (image !== undefined) return image;
  throw new OperatorError('IMAGE_MISSING', `the base image ${reference} is not in the engine any more`);
}
