import type { Digest } from '@strake/api';
import { OperatorError } from '@strake/api';
import { isDigest } from '@strake/oci';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** How `strake.lock` is used: `true` uses and completes it, `update` writes it anew, `frozen` takes nothing that is not in it. */
export type LockMode = boolean | 'update' | 'frozen';

const VERSION = 1;

/** The digests that base images had when they were first used: a later build uses the same. By normalised reference; of a multi-platform image the index's. */
export class LockFile {
  readonly path: string;
  readonly frozen: boolean;
  readonly #images: Map<string, Digest>;
  readonly #before: string;

  /** Reads the file when it is there. Throws CONFIG_INVALID. */
  constructor(path: string, mode: Exclude<LockMode, false>) {
    this.path = path;
    this.frozen = mode === 'frozen';
    this.#images = new Map(mode === 'update' || !existsSync(path) ? [] : read(path));
    this.#before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  get(reference: string): Digest | undefined {
    return this.#images.get(reference);
  }

  set(reference: string, digest: Digest): void {
    this.#images.set(reference, digest);
  }

  /** Writes what was learned, sorted, to a temporary name first; nothing when nothing changed. Throws PERMISSION. */
  write(): void {
    const images = Object.fromEntries([...this.#images].sort(([a], [b]) => (a < b ? -1 : 1)));
    const text = `${JSON.stringify({ version: VERSION, images }, null, 2)}\n`;
    if (text === this.#before || this.frozen || this.#images.size === 0) return;
    const temporary = `${this.path}.${process.pid}.tmp`;
    try {
      writeFileSync(temporary, text);
      renameSync(temporary, this.path);
    } catch (cause) {
      rmSync(temporary, { force: true });
      throw new OperatorError('PERMISSION', `${this.path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }
}

function read(path: string): readonly (readonly [string, Digest])[] {
  const { version, images } = parse(path);
  if (version !== VERSION) throw invalid(path, `its version is ${JSON.stringify(version)}, this strake knows version ${VERSION}`);
  if (typeof images !== 'object' || images === null || Array.isArray(images)) throw invalid(path, 'it has no images');
  return Object.entries(images).map(([reference, digest]: readonly [string, unknown]) => {
    if (!isDigest(digest)) throw invalid(path, `${reference} has no valid digest`);
    return [reference, digest];
  });
}

function parse(path: string): { readonly version?: unknown; readonly images?: unknown } {
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as unknown;
    return typeof value === 'object' && value !== null ? value : {};
  } catch (cause) {
    throw invalid(path, cause instanceof Error ? cause.message : String(cause));
  }
}

function invalid(path: string, what: string): OperatorError {
  return new OperatorError('CONFIG_INVALID', `${path} is no valid lock file: ${what}`, { hint: 'Remove it, or write it anew with --lock=update.' });
}
