import { randomBytes } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join, posix } from 'node:path';
import { Readable } from 'node:stream';
import type { Containers } from '../engine';
import { copyTar, type CopyChange, type PlacedGroup } from './copy-tar';
import { writeError } from './conflict';
import { TargetFiles } from './target-files';

/** A container that files are written into. */
export class FileTarget {
  readonly files: TargetFiles;
  /** A private directory of this machine. */
  readonly scratch: string;
  /** Nothing at all is in the stage yet. */
  readonly isEmpty: boolean;
  private readonly containers: Containers;
  private readonly id: string;

  constructor(parts: { readonly containers: Containers; readonly id: string; readonly scratch: string; readonly isEmpty: boolean; readonly signal: AbortSignal }) {
    this.containers = parts.containers;
    this.id = parts.id;
    this.scratch = parts.scratch;
    this.isEmpty = parts.isEmpty;
    this.files = new TargetFiles(parts.containers, parts.id, parts.signal, parts.isEmpty);
  }

  /** Writes the things of a copy, in one request. Throws INVALID_ARGUMENTS for what stands in the way, unless it is to give way. */
  async write(groups: readonly PlacedGroup[], change: CopyChange, options: { readonly replace: boolean; readonly signal: AbortSignal }): Promise<void> {
    if (this.isEmpty) for (const path of topDirectories(groups)) this.files.made(path);
    await this.put(Readable.from(copyTar(groups, change), { objectMode: false, highWaterMark: 1 << 20 }), options);
  }

  /** Unpacks a tar whose names are relative to the root. */
  async put(tar: Readable | Buffer, options: { readonly replace: boolean; readonly signal: AbortSignal }): Promise<void> {
    let failure: unknown;
    if (!Buffer.isBuffer(tar)) tar.on('error', (error) => (failure = error));
    try {
      await this.containers.putArchive(this.id, '/', tar, options);
    } catch (error) {
      // What went wrong here ends the request: that is the reason, and not what the engine makes of it.
      throw failure ?? writeError(error);
    } finally {
      this.files.forget();
    }
  }

  /** A directory of the tree, and what is in it, as a tar. */
  read(path: string, signal: AbortSignal): Promise<Readable> {
    return this.containers.archive(this.id, path, signal);
  }

  /** A file of the scratch directory with the given content; its path. */
  async scratchFile(content: Iterable<Buffer>): Promise<string> {
    const path = join(this.scratch, `file-${randomBytes(6).toString('hex')}`);
    const file = openSync(path, 'wx', 0o600);
    try {
      for (const piece of content) writeSync(file, piece);
    } finally {
      closeSync(file);
    }
    return path;
  }
}

/** The directories of a copy that lie directly in the root. */
function topDirectories(groups: readonly PlacedGroup[]): readonly string[] {
  const places = groups.flatMap(({ files, target }) => files.filter(({ type, fromDirectory }) => type === 'directory' && fromDirectory).map(({ path }) => posix.join('/', target, path)));
  return places.filter((place) => posix.dirname(place) === '/');
}
