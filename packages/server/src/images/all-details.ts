import type { Builder, ImageDetails, ImageSummary } from 'strake';

/** All that is known of every image that is wanted. One that goes away meanwhile is left out. */
export async function allDetails(builder: Builder, isWanted: (image: ImageSummary) => boolean = () => true): Promise<readonly ImageDetails[]> {
  const images = builder.images();
  const found = await Promise.all((await images.list()).filter(isWanted).map(async (summary) => {
    const details = await images.get(summary.id).catch((error: unknown) => {
      if ((error as { readonly code?: string }).code === 'IMAGE_MISSING') return undefined;
      throw error;
    });
    return details === undefined ? [] : [{ ...details, ...(summary.intermediate === true ? { intermediate: true as const } : {}) }];
  }));
  return found.flat();
}

/** What a list shows unless it is asked for all. */
export const isShown = ({ intermediate }: ImageSummary): boolean => intermediate !== true;
