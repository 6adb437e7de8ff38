import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Invocation } from '../argv/command';
import type { FlagSpecs } from '../argv/flag';
import { withBuilder } from '../commands/with-builder';
import { familiarName } from '../output/familiar-name';
import type { Completion } from './candidates';

/** The lines that `strake __complete` prints: candidates, or `:file` and `:directory` for what the shell knows better. Never fails: a shell has no place for errors. */
export async function completionLines(completion: Completion, invocation: Invocation<FlagSpecs>): Promise<readonly string[]> {
  const { source, prefix, before, file } = completion;
  if (source === undefined) return [];
  if (source === 'file' || source === 'directory') return [`:${source}`];
  const words = source === 'stage' ? stageNames(resolve(invocation.terminal.cwd, file ?? 'Dockerfile')) : source === 'image' ? await imageNames(invocation) : source;
  return words.filter((word) => word.startsWith(prefix)).map((word) => before + word);
}

/** Names after AS. A quick look at the text, not a parse: it must work on a file that is being edited. */
function stageNames(path: string): readonly string[] {
  try {
    return [...readFileSync(path, 'utf8').matchAll(/^\s*FROM\s.*\sAS\s+(\S+)\s*$/gim)].flatMap((match) => match[1] ?? []);
  } catch {
    return [];
  }
}

async function imageNames(invocation: Invocation<FlagSpecs>): Promise<readonly string[]> {
  try {
    const images = await withBuilder(invocation, (builder) => builder.images().list());
    return images.flatMap((image) => image.names.map(familiarName)).sort();
  } catch {
    return [];
  }
}
