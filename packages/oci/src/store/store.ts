import { resolve } from 'node:path';
import { pruneStore, type Pruned, type PruneOptions } from '../prune/prune-store';
import { trimStore, type Trimmed, type TrimOptions } from '../usage/trim-store';
import { Blobs } from './blobs';
import { CacheMounts } from './cache-mounts';
import { Images } from './images';
import { takeLease, whileExclusive, type Lease } from './lease';
import { Names } from './names';
import { Records, type ChainRecord, type LayerRecord } from './records';
import { RemoteBlobs, type BlobOrigin } from './remote-blobs';
import { Snapshots } from './snapshots';
import { withStoreErrors } from './store-errors';
import { StoreFiles } from './store-files';
import { verifyLayer } from './verify-layer';
import { deadWorkFolders, removeDeadWorkFolders } from './work-folder';

/**
 * A content store on disk. Small things are synchronous. Every change is one rename, so that a process that is killed
 * at any moment leaves a valid store; several processes may use one store at the same time.
 */
export class Store {
  readonly root: string;
  /** Whether nothing may be changed on the disk. */
  readonly readonly: boolean;
  readonly blobs: Blobs;
  readonly names: Names;
  readonly images: Images;
  /** By DiffID. */
  readonly layers: Records<LayerRecord>;
  readonly snapshots: Snapshots;
  /** By chain ID. */
  readonly chains: Records<ChainRecord>;
  /** Blobs that may be elsewhere. */
  readonly remote: RemoteBlobs;
  /** Directories of `RUN --mount=type=cache`. */
  readonly mounts: CacheMounts;
  readonly #files: StoreFiles;

  constructor(files: StoreFiles) {
    this.#files = files;
    this.root = files.root;
    this.readonly = files.readonly;
    this.blobs = new Blobs(files);
    this.names = new Names(files);
    this.images = new Images(files);
    this.layers = new Records(files, 'layers');
    this.snapshots = new Snapshots(files);
    this.chains = new Records(files, 'chains');
    this.mounts = new CacheMounts(files);
    this.remote = new RemoteBlobs(files.root, this.blobs, () => this.cacheRecords<BlobOrigin>('origins'), async ({ mediaType, digest, size }, diffId) => {
      const measured = await verifyLayer(this.blobs, digest, diffId);
      const known = this.layers.get(diffId);
      const kept = known?.blob !== undefined && this.blobs.has(known.blob.digest) ? known.blob : { mediaType, digest, size };
      this.layers.set(diffId, { ...known, ...measured, blob: kept });
    });
  }

  /** Locks of caches whose directories a backend keeps elsewhere, in a folder of their own below `cache`. */
  cacheMountsElsewhere(folder: string): CacheMounts {
    this.#files.ensure(`cache/${folder}`);
    return new CacheMounts(this.#files, `cache/${folder}`);
  }

  /** Records that a cache strategy keeps in a folder of its own below `cache`. */
  cacheRecords<T extends object>(folder: string): Records<T> {
    const place = `cache/${folder}`;
    this.#files.ensure(place);
    return new Records(this.#files, place);
  }

  /** The folders that cache strategies keep records in, for this store and for backends that keep snapshots elsewhere. */
  cacheFolders(): readonly string[] {
    return this.#files.list('cache').filter((name) => /(?:^|-)(?:keys|steps|places|builds)$/.test(name));
  }

  /** Takes the shared lock and makes a folder for unfinished work. Throws STORE_BUSY while the store is pruned. */
  lease(): Lease {
    return takeLease(this.#files);
  }

  /** Runs work alone on the store. Throws STORE_BUSY when anybody holds a lease. */
  exclusive<T>(work: () => T | Promise<T>): Promise<T> {
    return whileExclusive(this.#files, work);
  }

  /**
   * Removes what processes that died have left behind; answers the number of their folders. `end` is called with each
   * before it is removed, to end what may still write there.
   */
  reclaim(end?: (directory: string) => void): number {
    this.#files.assertWritable();
    return withStoreErrors(this.root, () => removeDeadWorkFolders(this.#files.path('tmp'), end));
  }

  /** The work folders of processes that died. */
  unfinished(): readonly string[] {
    return withStoreErrors(this.root, () => deadWorkFolders(this.#files.path('tmp')));
  }

  /**
   * Removes what the named images do not need, alone on the store; without `all` keeps images without a name and the build cache
   * too. Nothing else ever removes content: there is no daemon that would. Throws STORE_BUSY while anybody holds a lease.
   */
  prune(options: PruneOptions = {}): Promise<Pruned> {
    return this.exclusive(() => pruneStore(this, options));
  }

  /** Removes what makes builds faster as far as a policy wants it, alone on the store. Throws STORE_BUSY while anybody holds a lease. */
  trim(options: TrimOptions): Promise<Trimmed> {
    return this.exclusive(() => trimStore(this, options));
  }

  /** A free path on the store's file system for a file that will be renamed into place elsewhere. */
  temporaryPath(): string {
    return this.#files.temporaryPath();
  }

  /** Removes this process's scratch folder. The store stays usable. */
  close(): void {
    this.#files.close();
  }
}

/**
 * Opens a store, and makes it when it is not there. With `readonly` nothing is made or changed, and a store that is
 * not there is an empty one; with `memory` too, small things that are written are kept in memory until the process ends. Throws
 * STORE_INVALID, PERMISSION, DISK_FULL.
 */
export function openStore(root: string, options: { readonly readonly?: boolean; readonly memory?: boolean } = {}): Store {
  return new Store(new StoreFiles(resolve(root), options.readonly ?? false, options.memory ?? false));
}
