import { OperatorError } from '@strake/api';
import type { ByteSource } from '../compression/decompressed';

/** The files of what is loaded, a folder or an archive, by their path in it (`blobs/sha256/…`). No path leads out of it. */
export interface InputFiles {
  /** Its name for errors. */
  readonly shown: string;
  /** Bytes of a regular file; undefined when there is none. */
  size(path: string): number | undefined;
  /** The content of a file that is there; not verified. */
  open(path: string): ByteSource;
}

/** Manifests, indexes and configs larger than this are refused. */
export const MAX_JSON_BYTES = 8 << 20;

/** A small file as a whole; undefined when it is not there. Throws IMAGE_INVALID when it is larger than 8 MiB. */
export async function readSmall(files: InputFiles, path: string): Promise<Buffer | undefined> {
  const size = files.size(path);
  if (size === undefined) return undefined;
  if (size > MAX_JSON_BYTES) throw invalidImage(files.shown, `${path} has ${size} bytes, more than the ${MAX_JSON_BYTES} that are read`);
  const chunks: Buffer[] = [];
  for await (const chunk of files.open(path)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** As `readSmall`; throws IMAGE_INVALID also when the file is not there. */
export async function requireSmall(files: InputFiles, path: string): Promise<Buffer> {
  const bytes = await readSmall(files, path);
  if (bytes === undefined) throw invalidImage(files.shown, `${path} is missing`);
  return bytes;
}

export function invalidImage(shown: string, what: string, cause?: unknown): OperatorError {
  return new OperatorError('IMAGE_INVALID', `${shown} holds no valid image: ${what}`, cause === undefined ? {} : { cause });
}
