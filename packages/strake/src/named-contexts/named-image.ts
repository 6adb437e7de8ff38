import type { Platform, ResolvedImage } from '@strake/api';
import { aboutValue } from './about-value';

/** An image that a name stands for. */
export interface NamedImage {
  /** For messages: the flag and its value. */
  readonly shown: string;
  /** What it is found by: a reference, or an ID in the store. Throws IMAGE_MISSING when there is none for the platform. */
  reference(platform: Platform): string;
}

/** Finds the image that a reference is, or stands for. Throws what finding throws. */
export async function resolveNamed(image: NamedImage | undefined, reference: string, platform: Platform, find: (reference: string) => Promise<ResolvedImage>): Promise<ResolvedImage> {
  return image === undefined ? find(reference) : aboutValue(image.shown, () => find(image.reference(platform)));
}
