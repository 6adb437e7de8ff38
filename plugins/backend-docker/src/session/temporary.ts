import type { Digest } from '@strake/api';
import { hasStatus, type EngineClient, type EngineImage } from '../engine';
import { beginSession, endSession, OWNER_LABEL, ownerOf } from './owner';

/** Where images are named that later builds want to find; they have no other name. */
export const CACHE_REPOSITORY = 'strake-cache';

const shortOf = (id: Digest): string => id.slice('sha256:'.length, 'sha256:'.length + 16);

/** What a build has made in an engine only for itself: all of it goes at the end, however that comes. */
export class Temporary {
  readonly labels: Readonly<Record<string, string>>;
  private readonly client: EngineClient;
  private readonly session: string;
  private readonly containers = new Set<string>();
  private readonly volumes = new Set<string>();
  private readonly images: Digest[] = [];
  private readonly removals = new Set<Promise<void>>();

  constructor(client: EngineClient, session: string) {
    this.client = client;
    this.session = session;
    this.labels = { [OWNER_LABEL]: ownerOf(session) };
    beginSession(session);
  }

  addContainer(id: string): void {
    this.containers.add(id);
  }

  async removeContainer(id: string): Promise<void> {
    await this.client.containers.remove(id);
    this.containers.delete(id);
  }

  /** Removes a container while the build goes on. */
  dropContainer(id: string): void {
    const removal = this.removeContainer(id).catch(() => undefined).finally(() => this.removals.delete(removal));
    this.removals.add(removal);
  }

  addVolume(name: string): void {
    this.volumes.add(name);
  }

  /** An image that goes at the end; a shared one is named, and stays. */
  addImage(id: Digest, shared: boolean): void {
    if (!shared) this.images.push(id);
    else this.follow(this.client.images.tag(id, CACHE_REPOSITORY, shortOf(id)));
  }

  /** Keeps an image that is another build's own, which would be removed at its end: it gets a name. False when it is gone. */
  async adopt({ Id, RepoTags, Config }: EngineImage): Promise<boolean> {
    const owner = (Config?.['Labels'] as Readonly<Record<string, string>> | null | undefined)?.[OWNER_LABEL];
    if (owner === undefined || owner === this.labels[OWNER_LABEL] || (RepoTags ?? []).length > 0) return true;
    try {
      await this.client.images.tag(Id, CACHE_REPOSITORY, shortOf(Id));
      return true;
    } catch (error) {
      if (hasStatus(error, 404)) return false;
      throw error;
    }
  }

  /** Removes everything. Throws ENGINE_UNREACHABLE when the engine is not there any more; the next build removes it then, of this process too. */
  async close(): Promise<void> {
    try {
      await Promise.allSettled(this.removals);
      await Promise.all([...this.containers].map((id) => this.removeContainer(id)));
      await Promise.all([...this.volumes].map((name) => this.client.volumes.remove(name)));
      // Those that were made later stand on those before.
      for (const id of this.images.reverse()) await this.removeImage(id);
    } finally {
      endSession(this.session);
    }
  }

  /** One that others stand on, that has got a name, or that somebody uses stays. */
  private async removeImage(id: Digest): Promise<void> {
    try {
      const image = await this.client.images.inspect(id);
      if (image === undefined || (image.RepoTags ?? []).length > 0) return;
      await this.client.images.remove(id, { prune: false });
    } catch (error) {
      if (!hasStatus(error, 404, 409)) throw error;
    }
  }

  private follow(work: Promise<void>): void {
    const settled = work.catch(() => undefined).finally(() => this.removals.delete(settled));
    this.removals.add(settled);
  }
}
