import type { FactSources, SecretProvider, SourceOp, SourceProvider, SshProvider } from '@strake/api';
import type { Store } from '@strake/oci';
import { createReadStream, existsSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { unpackArchive } from './unpack-archive';

/** What a context from outside is brought with. */
export interface BringSourceParts {
  readonly store: Store;
  readonly signal: AbortSignal;
  /** By scheme, in the order in which they are asked whether a reference is theirs. */
  readonly sources: ReadonlyMap<string, SourceProvider>;
  readonly secrets?: SecretProvider;
  readonly ssh?: SshProvider;
  /** Whether the date of the source is wanted. */
  readonly dated?: boolean;
}

/** What is known of a tree that was brought. */
export interface Brought {
  /** Where the source is a Dockerfile and nothing else. */
  readonly text?: string;
  /** When it was made, in seconds since 1970, where it was asked for and is known. */
  readonly date?: number;
  /** Where it came from, pinned. */
  readonly source?: NonNullable<FactSources['brought']>;
}

/** A reference that a provider of sources has recognised as its own. */
export interface RemoteContext {
  readonly provider: SourceProvider;
  readonly op: SourceOp;
}

/** Whose a reference is; undefined for a path. Throws what the provider refuses it with. */
export function recogniseSource(reference: string, { sources }: Pick<BringSourceParts, 'sources'>): RemoteContext | undefined {
  for (const provider of sources.values()) {
    const found = provider.recognise?.(reference);
    if (found === undefined) continue;
    const op: SourceOp = { type: 'source', ...found };
    provider.check(op);
    return { provider, op };
  }
  return undefined;
}

/**
 * Brings a tree into the empty directory `context` of a work area.
 * `limit` is for the bytes of an archive's content. Throws what the provider throws, CONTEXT_INVALID.
 */
export async function bringSource({ provider, op }: RemoteContext, area: string, limit: number, parts: BringSourceParts): Promise<Brought> {
  const { store, signal, secrets, ssh } = parts;
  const access = { ...(secrets === undefined ? {} : { secrets }), ...(ssh === undefined ? {} : { ssh }) };
  const cacheDirectory = join(store.root, 'cache', 'providers', provider.scheme);
  if (!store.readonly && !existsSync(cacheDirectory)) mkdirSync(cacheDirectory, { recursive: true, mode: 0o700 });
  const work = (): Parameters<SourceProvider['resolve']>[1] => ({ cacheDirectory, scratch: mkdtempSync(join(area, 'source-')), readonly: store.readonly, signal, progress: () => undefined, ...access });
  const { pinned } = await provider.resolve(op, work());
  const directory = join(area, 'context');
  if (provider.delivers !== 'file') {
    await provider.fetch(pinned, directory, work());
    const { scheme, reference, attributes = {} } = pinned;
    const source = { scheme, reference, attributes };
    return parts.dated === true && provider.date !== undefined ? { source, date: await provider.date(pinned, work()) } : { source };
  }
  const folder = mkdtempSync(join(area, 'file-'));
  await provider.fetch(pinned, folder, work());
  const [name = ''] = readdirSync(folder);
  const unpacked = await unpackArchive(createReadStream(join(folder, name)), directory, { shown: 'the build context', limit, signal });
  return unpacked.kind === 'text' ? { text: unpacked.text } : {};
}
