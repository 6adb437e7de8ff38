import type { Platform, Reuse, StepImage } from '@strake/api';
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

  /** `reuse` is what the instruction itself asks of caching; one that is too old is as good as none. */
  async probe(parent: StepImage | null, configs: ProbeConfigs, reuse: Reuse = {}): Promise<StepImage | undefined> {
    if (this.busted) return undefined;
    const found = reuse.never === true ? undefined : await this.cache.find(parent, configs, this.platform);
    const old = found !== undefined && reuse.ttl !== undefined && Date.now() - Date.parse(found.created) > reuse.ttl * 1000;
    this.busted = found === undefined || old;
    return this.busted ? undefined : found;
  }
}
