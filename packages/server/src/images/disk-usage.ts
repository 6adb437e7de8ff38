import type { Digest } from '@strake/api';
import type { ImageDetails } from 'strake';
import { imageSummary } from './image-summary';

/** Images as `docker system df` shows them: with the bytes that they share. */
export interface ImageUsage {
  /** Bytes of all layers, each counted once. */
  readonly layersSize: number;
  /** As in a list of images (Engine API, ImageSummary), with `SharedSize` known and no containers. */
  readonly images: readonly Readonly<Record<string, unknown>>[];
}

/** What images need. Where the backend tells no sizes of layers nothing counts as shared. */
export function imageUsage(images: readonly ImageDetails[]): ImageUsage {
  const [holders, sizes] = [new Map<Digest, number>(), new Map<Digest, number>()];
  for (const { layers } of images) {
    for (const [diffId, size] of distinct(layers)) {
      holders.set(diffId, (holders.get(diffId) ?? 0) + 1);
      sizes.set(diffId, size);
    }
  }
  const sharedBy = ({ layers }: ImageDetails): number => sum([...distinct(layers)].map(([diffId, size]) => ((holders.get(diffId) ?? 0) > 1 ? size : 0)));
  const known = sum(sizes.values());
  return {
    layersSize: known > 0 ? known : sum(images.map(({ size }) => size)),
    images: images.map((image) => ({ ...imageSummary(image), SharedSize: sharedBy(image), Containers: 0 })),
  };
}

const distinct = (layers: ImageDetails['layers']): ReadonlyMap<Digest, number> => new Map(layers.map(({ diffId, size }) => [diffId, size]));

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, number) => total + number, 0);
