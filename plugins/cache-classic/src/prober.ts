import type { Platform, StepImage } from '@strake/api';
import type { ImageCache, ProbeConfigs } from './image-cache';

/** Asks the cache for one stage's instructions in their order: after the first miss nothing is found any more. */
export class Prober {
  private readonly cache: ImageCache;
  private readonly platform: Platform;
  private busted: boolean;

  /** `skip`: nothing is looked up at all. */
  constructor(cache: ImageCache, platform: Platform, skip: boolean) {
    this.cache = cache;
    this.platform = platform;
    this.busted = skip;
  }

  async probe(parent: StepImage | null, configs: ProbeConfigs): Promise<StepImage | undefined> {
    if (this.busted) return undefined;
    const found = await this.cache.find(parent, configs, this.platform);
    this.busted = found === undefined;
    return found;
  }
}
