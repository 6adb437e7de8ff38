import type { BuildOptions, Given, VirtualEntry } from 'strake';

/** What a client asks for: `POST /builds` with this as JSON. */
export interface BuildRequest {
  /** The Dockerfile's text. */
  readonly dockerfile: string;
  /** The build context: texts by their paths; what is no text as base64. */
  readonly files?: Readonly<Record<string, string | EncodedFile>>;
  readonly tags?: readonly string[];
  readonly target?: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
}

interface EncodedFile {
  readonly base64: string;
  /** Permission bits. */
  readonly mode?: number;
}

/**
 * The options that a client has a say in, one by one: were the request passed on as it is, a client could name folders of this machine, or ask for its
 * network. strake looks at their types itself.
 */
export function optionsOf({ dockerfile, files = {}, tags, target, buildArgs }: BuildRequest): Given<BuildOptions> {
  const context = { files: Object.fromEntries(Object.entries(files).map(([path, file]) => [path, entryOf(file)])) };
  return { context, dockerfile: { text: dockerfile, name: 'Dockerfile' }, tags, target, buildArgs };
}

function entryOf(file: string | EncodedFile): VirtualEntry {
  if (typeof file !== 'object' || typeof file?.base64 !== 'string') return file as string;
  return { content: Buffer.from(file.base64, 'base64'), mode: file.mode ?? 0o644 };
}
