import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { CacheMount } from '@strake/api';
import { lockFile, type HeldLock } from './lock-file';
import { withStoreErrors } from './store-errors';
import type { StoreFiles } from './store-files';

/** What tells one cache of `RUN --mount=type=cache` from another. */
export interface CacheMountName {
  readonly id: string;
  /** What a new cache starts with, if with anything. */
  readonly start?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

/** A cache that is in use until it is released, or until the process dies. */
export interface CacheHold {
  /** Holds `data`, the directory that programs see, once somebody has made it. */
  readonly directory: string;
  release(): void;
}

/** A cache of the store. A private one that several programs wanted at once has a copy for each. */
export interface StoredCacheMount {
  readonly key: string;
  readonly name: CacheMountName;
  readonly copies: readonly { readonly number: number; readonly directory: string; /** Milliseconds since the epoch. */ readonly used: number }[];
}

const KEY = /^[0-9a-f]{32}$/;

/**
 * Directories that outlive builds: `mounts/<key>/<number>/data`, beside a lock that its users hold. Who shares a cache holds the
 * lock together with others, who locks it holds it alone, and who wants one to himself takes the first that is free.
 */
export class CacheMounts {
  readonly #files: StoreFiles;
  readonly #top: string;

  /** `top` is the folder of the store that they lie in. */
  constructor(files: StoreFiles, top = 'mounts') {
    this.#files = files;
    this.#top = top;
  }

  /** The name of a cache's folder. */
  key(name: CacheMountName): string {
    const { id, start, mode, uid, gid } = name;
    return createHash('sha256').update(JSON.stringify([id, start, mode, uid, gid])).digest('hex').slice(0, 32);
  }

  /** Where a cache and its copies lie. */
  folder(key: string): string {
    return this.#files.path(this.#top, key);
  }

  /** Takes a cache, and makes its folder when it is new; undefined while others hold it in a way that stands against this one. */
  tryHold(name: CacheMountName, sharing: CacheMount['sharing']): CacheHold | undefined {
    this.#files.assertWritable();
    return withStoreErrors(this.#files.root, () => {
      const key = this.key(name);
      this.#files.ensure(`${this.#top}/${key}`);
      if (this.#files.read(this.#top, key, 'name.json') === undefined) this.#files.writeRecord(name, this.#top, key, 'name.json');
      if (sharing !== 'private') return this.#lock(key, 0, sharing === 'shared' ? 'shared' : 'exclusive');
      for (let number = 0; ; number += 1) {
        const hold = this.#lock(key, number, 'exclusive');
        if (hold !== undefined) return hold;
      }
    });
  }

  list(): readonly StoredCacheMount[] {
    return this.#files.list(this.#top).filter((key) => KEY.test(key)).flatMap((key) => {
      const name = this.#files.readRecord<CacheMountName>(this.#top, key, 'name.json');
      return name === undefined ? [] : [{ key, name, copies: this.#copies(key) }];
    });
  }

  /** Removes a cache with all its copies; false when one of them is in use. */
  delete(key: string): boolean {
    this.#files.assertWritable();
    if (!KEY.test(key)) return true;
    return withStoreErrors(this.#files.root, () => {
      const locks: HeldLock[] = [];
      try {
        for (const { directory } of this.#copies(key)) {
          const lock = lockFile(join(directory, 'lock'), 'exclusive');
          if (lock === undefined) return false;
          locks.push(lock);
        }
        this.#discard(this.#files.path(this.#top, key));
        return true;
      } finally {
        for (const lock of locks) lock.release();
      }
    });
  }

  /** Puts a directory of the store's file system in the place of a cache's data; false while the cache is in use. */
  replace(name: CacheMountName, made: string): boolean {
    const hold = this.tryHold(name, 'locked');
    if (hold === undefined) return false;
    try {
      const data = join(hold.directory, 'data');
      if (existsSync(data)) this.#discard(data);
      withStoreErrors(this.#files.root, () => renameSync(made, data));
      return true;
    } finally {
      hold.release();
    }
  }

  #lock(key: string, number: number, kind: 'shared' | 'exclusive'): CacheHold | undefined {
    const directory = this.#files.path(this.#top, key, String(number));
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const lock = lockFile(join(directory, 'lock'), kind);
    if (lock === undefined) return undefined;
    utimesSync(join(directory, 'lock'), new Date(), new Date());
    return { directory, release: () => lock.release() };
  }

  #copies(key: string): StoredCacheMount['copies'] {
    return this.#files.list(`${this.#top}/${key}`).filter((name) => /^\d+$/.test(name)).map((name) => {
      const directory = this.#files.path(this.#top, key, name);
      return { number: Number(name), directory, used: statSync(join(directory, 'lock'), { throwIfNoEntry: false })?.mtimeMs ?? 0 };
    });
  }

  /** Out of sight at once, then away. */
  #discard(path: string): void {
    const doomed = this.#files.temporaryPath();
    renameSync(path, doomed);
    rmSync(doomed, { recursive: true, force: true });
  }
}
