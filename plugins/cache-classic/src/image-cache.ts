import { formatPlatform, type ContainerConfig, type Platform, type StepImage, type StepImages } from '@strake/api';
import { sameConfig } from './compare';
import { continuesHistory, isBelow } from './history-match';

/** Container configs that say the same in the words of several versions of the engine; the first is written. */
export type ProbeConfigs = readonly [ContainerConfig, ...ContainerConfig[]];

/** Finds the image of an instruction by its parent: among the images that were made here, and by what others' histories tell. One for each stage. */
export class ImageCache {
  private readonly images: StepImages;
  private readonly references: readonly string[];
  private sources: StepImage[] | undefined;

  /** `cacheFrom` names the images whose histories may be used; without any, all that were made here count. */
  constructor(images: StepImages, cacheFrom: readonly string[]) {
    this.images = images;
    this.references = cacheFrom;
  }

  async find(parent: StepImage | null, configs: ProbeConfigs, platform: Platform): Promise<StepImage | undefined> {
    const local = await this.local(parent, configs, platform);
    if (this.references.length === 0) return local;
    if (local !== undefined && (await this.isOfSources(local))) return local;
    return this.fromHistory(parent, configs);
  }

  /** The newest of those that were made on the parent with the same config. */
  private async local(parent: StepImage | null, configs: ProbeConfigs, platform: Platform): Promise<StepImage | undefined> {
    const children = await this.images.children(parent?.id ?? null);
    const same = children.filter(({ containerConfig, platform: own }) => containerConfig !== undefined && samePlatform(own, platform) && configs.some((config) => sameConfig(containerConfig, config)));
    return same.reduce<StepImage | undefined>((newest, image) => (newest !== undefined && !isLater(image.created, newest.created) ? newest : image), undefined);
  }

  private async isOfSources(image: StepImage): Promise<boolean> {
    for (const source of await this.found()) {
      for (let next: StepImage | undefined = source; next?.parent !== undefined; next = await this.images.find(next.parent)) {
        if (next.parent === image.id) return true;
      }
    }
    return false;
  }

  /** After an image was made from a history, only that history counts: two would lead to what neither is. */
  private async fromHistory(parent: StepImage | null, configs: ProbeConfigs): Promise<StepImage | undefined> {
    if (this.images.restore === undefined) return undefined;
    for (const source of await this.found()) {
      if (!isBelow(parent, source)) continue;
      const config = configs.find((one) => continuesHistory(parent, source, one));
      if (config === undefined) continue;
      if (source.history.length - 1 === (parent?.history.length ?? 0)) {
        if (parent !== null) await this.images.adopt?.(source, parent);
        return source;
      }
      const restored = await this.images.restore(parent, source, config);
      this.sources = [source];
      return restored;
    }
    return undefined;
  }

  private async found(): Promise<readonly StepImage[]> {
    this.sources ??= (await Promise.all(this.references.map((reference) => this.images.find(reference)))).filter((image) => image !== undefined);
    return this.sources;
  }
}

const samePlatform = (own: Platform, wanted: Platform): boolean => formatPlatform({ ...own, variant: own.variant ?? wanted.variant ?? '' }) === formatPlatform({ ...wanted, variant: wanted.variant ?? own.variant ?? '' });

/** Times as texts have fractions of different lengths: nanoseconds that a number cannot hold are compared as digits. */
export function isLater(one: string, other: string): boolean {
  const [a, b] = [Math.floor(Date.parse(one) / 1000), Math.floor(Date.parse(other) / 1000)];
  return a !== b ? a > b : fraction(one) > fraction(other);
}

const fraction = (time: string): string => (/\.(\d+)/.exec(time)?.[1] ?? '').padEnd(9, '0');

