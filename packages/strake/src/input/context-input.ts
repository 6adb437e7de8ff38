import type { Readable } from 'node:stream';

/** An archive as a build context: a tar, maybe compressed, or a plain Dockerfile and nothing else. Read once, to its end. */
export interface ArchiveInput {
  readonly tar: Readable;
}

/** The content of a file: a text (UTF-8), bytes, or pieces of either as they come. */
export type FileContent = string | Uint8Array | AsyncIterable<string | Uint8Array>;

/** Whether a value can be the content of a file. */
export function isContent(value: unknown): value is FileContent {
  return typeof value === 'string' || value instanceof Uint8Array || (typeof value === 'object' && value !== null && Symbol.asyncIterator in value);
}

/** A file with its mode, 0644 by default. A function is called when the build begins, and not for a file that the context's ignore file hides. */
export interface VirtualFile {
  readonly content: FileContent | (() => FileContent | Promise<FileContent>);
  /** Permission bits: 0o755. */
  readonly mode?: number;
}

/** A symbolic link; it is followed as if the context's root were `/`. */
export interface VirtualLink {
  readonly link: string;
}

/** A directory that may be empty; those of files are there by themselves, with mode 0755. */
export interface VirtualDirectory {
  readonly directory: true;
  readonly mode?: number;
}

/** What a context from memory has at a path. */
export type VirtualEntry = FileContent | VirtualFile | VirtualLink | VirtualDirectory;

/** Files from memory, by their paths relative to the root of the context. Their time is 1970, so that equal files are equal; user and group are 0. */
export interface FilesInput {
  readonly files: Readonly<Record<string, VirtualEntry>>;
}

/** What a build can have for a context: a directory's path, a git or http(s) URL, an archive, files from memory. */
export type ContextInput = string | ArchiveInput | FilesInput;
