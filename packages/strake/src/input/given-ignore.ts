import { OperatorError } from '@strake/api';
import { Ignore } from '@strake/context';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BuildOptions } from '../build/build-options';

/** Stands for patterns that are in no file, in messages. */
const INLINE = '<patterns>';

/** What the options give in place of the context's ignore file. Throws USAGE for a file that cannot be read, CONTEXT_INVALID for a malformed pattern. */
export function givenIgnore({ ignore }: BuildOptions, cwd: string): Ignore | undefined {
  if (ignore === undefined) return undefined;
  return 'patterns' in ignore ? new Ignore(ignore.patterns.join('\n'), INLINE) : new Ignore(textOf(ignore.file, cwd), ignore.file);
}

function textOf(file: string, cwd: string): string {
  try {
    return readFileSync(resolve(cwd, file), 'utf8');
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new OperatorError('USAGE', `the ignore file "${file}" ${why}`, { hint: 'name a file relative to the working directory', cause });
  }
}
