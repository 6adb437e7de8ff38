import { randomBytes } from 'node:crypto';
import type { ApplyOptions, CacheMount } from '@strake/api';
import { encodeHeader } from '@strake/oci';
import type { CopySource } from '../copy/apply-copy';
import { FileTarget } from '../copy/file-target';
import type { EngineClient } from '../engine';
import type { Temporary } from '../session/temporary';
import { fillFrom, giveDirectory, isDirectory, notDirectoryOf } from './fill-volume';
import type { ShownFile } from './shown-files';

/** The label of volumes that outlive builds: the ID of the cache. */
export const CACHE_LABEL = 'strake.cache';

/** What volumes are made with. */
export interface VolumesParts {
  readonly client: EngineClient;
  readonly temporary: Temporary;
  readonly scratch: string;
  readonly signal: AbortSignal;
  /** Makes a container that has volumes and is never started. */
  readonly forVolumes: (volumes: readonly object[]) => Promise<string>;
}

/** A file in a directory that is to be another one: `path` is where, from the directory's root. */
type InsideFile = ShownFile & { readonly path: string };

/** Volumes with the files of mounts. */
export class Volumes {
  private readonly parts: VolumesParts;
  private readonly shared = new Map<string, Promise<string>>();
  private readonly caches = new Map<string, Promise<void>>();
  private readonly written = new Set<string>();

  constructor(parts: VolumesParts) {
    this.parts = parts;
  }

  /** A volume with the content of a directory; its name. Those with equal keys are one, unless something else is inside. */
  async directory(source: CopySource, { key, inside }: { readonly key: string | undefined; readonly inside: readonly InsideFile[] }, options: ApplyOptions): Promise<string> {
    if (key === undefined || inside.length > 0) {
      const name = await this.filled(source, inside, options);
      this.written.add(name);
      return name;
    }
    const known = this.shared.get(key) ?? this.filled(source, [], options);
    this.shared.set(key, known);
    return known;
  }

  /** The volume of a cache; a new one gets what it starts with, its mode and its owner. */
  async cache(name: string, mount: CacheMount, start: CopySource | undefined, options: ApplyOptions): Promise<void> {
    const making = this.caches.get(name) ?? this.openCache(name, mount, start, options);
    this.caches.set(name, making);
    try {
      await making;
    } catch (error) {
      this.caches.delete(name);
      throw error;
    }
  }

  /** Volumes that programs have written to are of no use to others. */
  async dropWritten(): Promise<void> {
    for (const name of this.written) if (await this.parts.client.volumes.remove(name).catch(() => false)) this.written.delete(name);
  }

  private async openCache(name: string, { id, mode, uid, gid, from }: CacheMount, start: CopySource | undefined, options: ApplyOptions): Promise<void> {
    const { volumes } = this.parts.client;
    if ((await volumes.list(CACHE_LABEL)).some(({ Name }) => Name === name)) return;
    if (start !== undefined && start.taken.length > 0 && !isDirectory(start)) throw notDirectoryOf(from?.source ?? '');
    await volumes.create(name, { [CACHE_LABEL]: id });
    try {
      if (start === undefined && mode === undefined && uid === undefined && gid === undefined) return;
      const [top] = start?.taken ?? [];
      const owner = start?.reader.keepOwner === true && top !== undefined ? top : { uid: 0, gid: 0 };
      await this.fill(name, async (target) => {
        if (start !== undefined) await fillFrom(start, '/tree', target, options);
        await giveDirectory('/tree', { mode: mode ?? top?.mode ?? 0o755, uid: uid ?? owner.uid, gid: gid ?? owner.gid }, target, options.signal);
      });
    } catch (error) {
      // A cache that is not what it should begin with would be used for ever.
      await volumes.remove(name).catch(() => false);
      throw error;
    }
  }

  private async filled(source: CopySource, inside: readonly InsideFile[], options: ApplyOptions): Promise<string> {
    const { client, temporary } = this.parts;
    const name = `strake-${randomBytes(12).toString('hex')}`;
    await client.volumes.create(name, temporary.labels);
    temporary.addVolume(name);
    await this.fill(name, async (target) => {
      await fillFrom(source, '/tree', target, options);
      for (const { path, content } of inside) {
        if (content.kind === 'copy') await fillFrom(content.source, `/tree${path}`, target, options);
        else await target.put(linkTar(`/tree${path}`, content.path), { replace: true, signal: options.signal });
      }
    });
    return name;
  }

  private async fill(name: string, work: (target: FileTarget) => Promise<void>): Promise<void> {
    const { client, temporary, scratch, signal, forVolumes } = this.parts;
    const id = await forVolumes([{ Type: 'volume', Source: name, Target: '/tree', VolumeOptions: { NoCopy: true } }]);
    try {
      await work(new FileTarget({ containers: client.containers, id, scratch, isEmpty: true, signal }));
    } finally {
      await temporary.removeContainer(id);
    }
  }
}

function linkTar(path: string, target: string): Buffer {
  return Buffer.concat([encodeHeader({ path: Buffer.from(path.slice(1)), type: 'symlink', target: Buffer.from(target), mode: 0o777, uid: 0, gid: 0, size: 0, mtime: BigInt(Date.now()) * 1_000_000n }), Buffer.alloc(1024)]);
}
