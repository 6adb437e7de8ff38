import type { Ignore } from '@strake/context';
import type { ContextInput } from './context-input';
import { unpackArchive } from './unpack-archive';
import { writeFiles } from './write-files';

/** How a given context is brought in. */
export interface FillContextOptions {
  /** Bytes that its content may have. */
  readonly limit: number;
  readonly signal: AbortSignal;
  readonly ignore?: Ignore | undefined;
  readonly dockerfile?: string | undefined;
  /** For messages: what is brought in. */
  readonly shown: string;
}

/** Fills an empty directory with an archive, or with files from memory. Answers the text of what is a Dockerfile and nothing else. Throws CONTEXT_INVALID, UNSUPPORTED, DISK_FULL, PERMISSION, CANCELLED. */
export async function fillContext(input: Exclude<ContextInput, string>, directory: string, options: FillContextOptions): Promise<{ readonly text?: string }> {
  if ('files' in input) {
    await writeFiles(input, directory, options);
    return {};
  }
  const unpacked = await unpackArchive(input.tar, directory, options);
  return unpacked.kind === 'text' ? { text: unpacked.text } : {};
}
