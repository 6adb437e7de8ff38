import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Ignore } from './ignore';

/** Reads the ignore file of a context: `<Dockerfile>.dockerignore` wins over `.dockerignore`; undefined when there is none. Throws CONTEXT_INVALID. */
export function readIgnoreFile(directory: string, dockerfilePath?: string): Ignore | undefined {
  const own = dockerfilePath === undefined ? [] : [`${dockerfilePath}.dockerignore`];
  for (const path of [...own, join(directory, '.dockerignore')]) {
    const text = readIfThere(path);
    if (text !== undefined) return new Ignore(text, basename(path));
  }
  return undefined;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
