import { OperatorError } from '@strake/api';
import { readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { makeFolders } from './make-folders';
import { invalidStore, withStoreErrors } from './store-errors';
import { randomId } from './random-id';
import { writeSmallFile } from './small-file';
import { makeWorkFolder, type WorkFolder } from './work-folder';

const VERSION = '1';
const FOLDERS = ['blobs/sha256', 'names', 'images', 'layers', 'snapshots', 'chains', 'cache', 'mounts', 'partial', 'tmp'];

/** The files of a store: all writing goes through here, to a temporary name first, then to its place by a rename. */
export class StoreFiles {
  readonly root: string;
  readonly readonly: boolean;
  #scratch: WorkFolder | undefined;
  /** What was written to a store that must not change, by path. */
  readonly #memory: Map<string, Buffer> | undefined;

  /** Opens, and unless `readonly` makes, the folders of a store. Throws STORE_INVALID, PERMISSION. */
  constructor(root: string, readonly: boolean, memory = false) {
    this.root = root;
    this.readonly = readonly;
    this.#memory = readonly && memory ? new Map() : undefined;
    withStoreErrors(root, () => this.#open());
  }

  path(...parts: readonly string[]): string {
    return join(this.root, ...parts);
  }

  /** Makes a folder when the store may be written. */
  ensure(folder: string): void {
    if (!this.readonly) withStoreErrors(this.root, () => makeFolders(this.path(folder), 0o700));
  }

  /** Names in a folder; empty when there is none. */
  list(folder: string): readonly string[] {
    const kept = [...(this.#memory?.keys() ?? [])].filter((path) => dirname(path) === this.path(folder)).map((path) => basename(path));
    const files = withStoreErrors(this.root, () => ifThere(() => readdirSync(this.path(folder))) ?? []);
    return kept.length === 0 ? files : [...new Set([...files, ...kept])];
  }

  /** The bytes of a file; undefined when there is none. */
  read(...parts: readonly string[]): Buffer | undefined {
    return this.#memory?.get(this.path(...parts)) ?? withStoreErrors(this.root, () => ifThere(() => readFileSync(this.path(...parts))));
  }

  /** Bytes of a file; undefined when there is none. */
  size(...parts: readonly string[]): number | undefined {
    return this.#memory?.get(this.path(...parts))?.length ?? statSync(this.path(...parts), { throwIfNoEntry: false })?.size;
  }

  /** Sets the time of a file to now, where it is there and may be changed. */
  touch(...parts: readonly string[]): void {
    if (this.readonly) return;
    const now = new Date();
    withStoreErrors(this.root, () => ifThere(() => utimesSync(this.path(...parts), now, now)));
  }

  /** When a file was changed last, milliseconds since 1970; undefined when there is none. */
  modified(...parts: readonly string[]): number | undefined {
    return statSync(this.path(...parts), { throwIfNoEntry: false })?.mtimeMs;
  }

  /** A record; undefined when there is none, or when a power failure left it empty or torn. */
  readRecord<T>(...parts: readonly string[]): T | undefined {
    const text = this.read(...parts)?.toString('utf8');
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text) as T;
    } catch {
      return undefined;
    }
  }

  /** Puts a whole file in place at once. */
  write(bytes: Uint8Array | string, ...parts: readonly string[]): void {
    const target = this.path(...parts);
    if (this.#memory !== undefined) return void this.#memory.set(target, Buffer.from(bytes));
    this.assertWritable();
    withStoreErrors(this.root, () => writeSmallFile(bytes, this.path('tmp'), target));
  }

  writeRecord(record: unknown, ...parts: readonly string[]): void {
    this.write(`${JSON.stringify(record)}\n`, ...parts);
  }

  /** Makes a file under a temporary name and moves it to `target`. */
  place(target: string, make: (temporary: string) => void): void {
    withStoreErrors(this.root, () => {
      const temporary = this.temporaryPath();
      try {
        make(temporary);
        renameSync(temporary, target);
      } catch (error) {
        rmSync(temporary, { recursive: true, force: true });
        throw error;
      }
    });
  }

  /** Removes a file or a tree; nothing happens when it is not there. */
  remove(...parts: readonly string[]): void {
    this.assertWritable();
    withStoreErrors(this.root, () => rmSync(this.path(...parts), { recursive: true, force: true }));
  }

  /** A free name in this process's scratch folder, on the store's file system. */
  temporaryPath(): string {
    this.assertWritable();
    this.#scratch ??= withStoreErrors(this.root, () => makeWorkFolder(this.path('tmp')));
    return join(this.#scratch.directory, randomId());
  }

  /** Removes the scratch folder. The store may be used again afterwards. */
  close(): void {
    this.#scratch?.remove();
    this.#scratch = undefined;
  }

  assertWritable(): void {
    if (this.readonly) throw new OperatorError('PERMISSION', `the store ${this.root} was opened for reading only`);
  }

  #open(): void {
    const found = ifThere(() => readFileSync(this.path('version'), 'utf8').trim());
    if (found !== undefined && found !== VERSION) {
      throw invalidStore(this.root, `its version is ${JSON.stringify(found)}, this strake knows version ${VERSION}`);
    }
    if (this.readonly || found !== undefined) return;
    makeFolders(this.root, 0o700);
    const present = readdirSync(this.root).filter((name) => !FOLDERS.some((folder) => folder.split('/')[0] === name));
    if (present.some((name) => name !== 'lock' && name !== 'lost+found')) {
      throw invalidStore(this.root, `the folder holds other files (${present.slice(0, 3).join(', ')})`);
    }
    for (const folder of FOLDERS) makeFolders(this.path(folder), 0o700);
    // The version comes last: a store whose making was interrupted is made again.
    this.write(`${VERSION}\n`, 'version');
  }
}

function ifThere<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
