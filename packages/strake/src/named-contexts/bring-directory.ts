import { OperatorError, type BuildContext } from '@strake/api';
import { createContext, readIgnoreFileIn } from '@strake/context';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { bringSource, type BringSourceParts, type RemoteContext } from '../input/bring-source';
import { makeWorkArea } from '../input/work-area';

/** A context that is there for one build only. */
export interface BroughtDirectory {
  readonly context: BuildContext;
  release(): void;
}

/** Brings a tree from outside; its own ignore file counts. `limit` is for the bytes of an archive's content. Throws what `bringSource` throws. */
export async function bringDirectory(remote: RemoteContext, name: string, limit: number, parts: BringSourceParts): Promise<BroughtDirectory> {
  const area = makeWorkArea(parts.store);
  try {
    const directory = join(area.directory, 'context');
    mkdirSync(directory, { mode: 0o755 });
    const { text } = await bringSource(remote, area.directory, limit, parts);
    if (text !== undefined) throw new OperatorError('CONTEXT_INVALID', 'what it brings is no archive', { hint: 'name a tar, maybe compressed, or a repository' });
    const context = createContext(directory, { name, ignore: readIgnoreFileIn(directory), signal: parts.signal });
    return { context, release: () => area.release() };
  } catch (error) {
    area.release();
    throw error;
  }
}
