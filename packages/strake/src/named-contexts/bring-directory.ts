import { OperatorError, type BuildContext } from '@strake/api';
import { createContext, readIgnoreFileIn } from '@strake/context';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { bringSource, type BringSourceParts, type RemoteContext } from '../input/bring-source';
import type { ContextInput } from '../input/context-input';
import { fillContext } from '../input/fill-context';
import { makeWorkArea } from '../input/work-area';

/** A context that is there for one build only. */
export interface BroughtDirectory {
  readonly context: BuildContext;
  release(): void;
}

/** Brings a tree from outside; its own ignore file counts. `limit` is for the bytes of an archive's content. Throws what `bringSource` throws. */
export function bringDirectory(remote: RemoteContext, name: string, limit: number, parts: BringSourceParts): Promise<BroughtDirectory> {
  return brought(name, parts, (_, area) => bringSource(remote, area, limit, parts));
}

/** An archive, or files from memory. Throws what `fillContext` throws. */
export function givenDirectory(input: Exclude<ContextInput, string>, name: string, limit: number, parts: BringSourceParts): Promise<BroughtDirectory> {
  return brought(name, parts, (directory) => fillContext(input, directory, { limit, signal: parts.signal, shown: 'the build context' }));
}

async function brought(name: string, { store, signal }: BringSourceParts, fill: (directory: string, area: string) => Promise<{ readonly text?: string }>): Promise<BroughtDirectory> {
  const area = makeWorkArea(store);
  try {
    const directory = join(area.directory, 'context');
    mkdirSync(directory, { mode: 0o755 });
    const { text } = await fill(directory, area.directory);
    if (text !== undefined) throw new OperatorError('CONTEXT_INVALID', 'what it brings is no archive', { hint: 'name a tar, maybe compressed, or a repository' });
    const context = createContext(directory, { name, ignore: readIgnoreFileIn(directory), signal });
    return { context, release: () => area.release() };
  } catch (error) {
    area.release();
    throw error;
  }
}
