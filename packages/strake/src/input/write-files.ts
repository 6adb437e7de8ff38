import { CancelledError, OperatorError } from '@strake/api';
import { Ignore } from '@strake/context';
import { chmodSync, closeSync, lutimesSync, mkdirSync, openSync, readFileSync, symlinkSync, utimesSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isContent, type FilesInput, type VirtualDirectory, type VirtualEntry, type VirtualFile, type VirtualLink } from './context-input';

/** How files are written. */
export interface WriteFilesOptions {
  /** Bytes that all of them may have. */
  readonly limit: number;
  readonly signal: AbortSignal;
  /** Goes before the ignore file among the files. */
  readonly ignore?: Ignore | undefined;
  /** The Dockerfile among the files, when it has another name. */
  readonly dockerfile?: string | undefined;
}

/** Files from memory have no time of their own: this one makes equal files equal. */
const NO_TIME = 0;

/**
 * Writes files from memory into an empty directory. What the ignore file hides is not asked for, but a Dockerfile is, and ignore files are.
 * Throws CONTEXT_INVALID for a path that is none or leads out and for content that is none, CANCELLED.
 */
export async function writeFiles({ files }: FilesInput, directory: string, options: WriteFilesOptions): Promise<void> {
  const entries = Object.entries(files).map(([path, entry]) => [path, complete(entry)] as const);
  checkPaths(new Map(entries));
  const writer = new Writer(directory, options);
  const first = (path: string): boolean => path === options.dockerfile || /^dockerfile$/i.test(path) || path.endsWith('.dockerignore');
  for (const [path, entry] of entries) if (first(path)) await writer.write(path, entry);
  const ignore = options.ignore ?? writer.ignoreFile(new Map(entries), options.dockerfile);
  for (const [path, entry] of entries) if (!first(path) && !ignore.ignores(path)) await writer.write(path, entry);
}

type Complete = VirtualFile | VirtualLink | VirtualDirectory;

function complete(entry: VirtualEntry): Complete {
  return isContent(entry) ? { content: entry } : entry;
}

/** Nothing is below a file or a link: a link that leads out would take what is written below it along. */
function checkPaths(entries: ReadonlyMap<string, Complete>): void {
  for (const path of entries.keys()) {
    const parts = path.split('/');
    if (path === '' || path.startsWith('/') || path.includes('\0') || parts.some((part) => part === '' || part === '.' || part === '..')) {
      throw new OperatorError('CONTEXT_INVALID', `"${path}" is no path of a file in a build context`, { hint: 'write it relative to the root, without . and ..' });
    }
    for (let count = 1; count < parts.length; count += 1) {
      const above = parts.slice(0, count).join('/');
      const parent = entries.get(above);
      if (parent !== undefined && !('directory' in parent)) throw new OperatorError('CONTEXT_INVALID', `"${path}" is below "${above}", which is no directory`);
    }
  }
}

class Writer {
  readonly #root: string;
  readonly #options: WriteFilesOptions;
  #left: number;

  constructor(root: string, options: WriteFilesOptions) {
    this.#root = root;
    this.#options = options;
    this.#left = options.limit;
  }

  async write(path: string, entry: Complete): Promise<void> {
    const target = join(this.#root, path);
    mkdirSync('directory' in entry ? target : dirname(target), { recursive: true, mode: 0o755 });
    if ('link' in entry) {
      symlinkSync(entry.link, target);
      lutimesSync(target, NO_TIME, NO_TIME);
      return;
    }
    if ('content' in entry) await this.#fill(path, target, entry.content);
    chmodSync(target, (entry.mode ?? ('directory' in entry ? 0o755 : 0o644)) & 0o7777);
    utimesSync(target, NO_TIME, NO_TIME);
  }

  async #fill(path: string, target: string, content: VirtualFile['content']): Promise<void> {
    const given = typeof content === 'function' ? await content() : content;
    if (!isContent(given)) throw new OperatorError('CONTEXT_INVALID', `the function for "${path}" gave neither a text, bytes nor an async iterable`);
    const fd = openSync(target, 'wx', 0o600);
    try {
      for await (const piece of typeof given === 'string' || given instanceof Uint8Array ? [given] : given) {
        if (this.#options.signal.aborted) throw new CancelledError();
        const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
        this.#left -= bytes.length;
        if (this.#left < 0) throw new OperatorError('CONTEXT_INVALID', `the build context is larger than ${this.#options.limit} bytes, with "${path}"`, { hint: 'leave out what the build does not need' });
        for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
      }
    } finally {
      closeSync(fd);
    }
  }

  /** That of the Dockerfile goes before the context's; one behind a link is not looked for: it hides nothing yet. */
  ignoreFile(entries: ReadonlyMap<string, Complete>, dockerfile: string | undefined): Ignore {
    const names = [`${dockerfile ?? 'Dockerfile'}.dockerignore`, '.dockerignore'];
    const [name] = names.filter((candidate) => entries.has(candidate));
    const entry = name === undefined ? undefined : entries.get(name);
    if (name === undefined || entry === undefined || !('content' in entry)) return new Ignore('', '.dockerignore');
    return new Ignore(readFileSync(join(this.#root, name), 'utf8'), name);
  }
}
