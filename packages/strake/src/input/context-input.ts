import type { Readable } from 'node:stream';

/** An archive as a build context: a tar, maybe compressed, or a plain Dockerfile and nothing else. Read once, to its end. */
export interface ArchiveInput {
  readonly tar: Readable;
}

/** Files from memory, by their paths relative to the root of the context: texts or bytes. */
export interface FilesInput {
  readonly files: Readonly<Record<string, string | Uint8Array>>;
}

/** What a build can have for a context: a directory's path, a git or http(s) URL, an archive, files from memory. */
export type ContextInput = string | ArchiveInput | FilesInput;
