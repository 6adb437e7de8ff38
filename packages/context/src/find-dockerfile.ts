import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { OperatorError } from '@strake/api';
import { nearestName } from './nearest-name';

/** The names that are looked for, in order. */
export const DEFAULT_DOCKERFILES: readonly string[] = ['Dockerfile', 'dockerfile', 'Containerfile'];

/**
 * The absolute path of the Dockerfile: `file` against the working directory, or one of the usual names in the context.
 * It may lie outside the context, be a link or be ignored. Throws DOCKERFILE_MISSING.
 */
export function findDockerfile(context: string, file?: string): string {
  const candidates = file === undefined ? DEFAULT_DOCKERFILES.map((name) => join(resolve(context), name)) : [resolve(file)];
  const found = candidates.find((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
  if (found !== undefined) return found;
  throw missing(candidates[0] ?? '', file);
}

function missing(path: string, file: string | undefined): OperatorError {
  const near = nearestName(basename(path), namesIn(dirname(path)));
  const hint = near === undefined ? 'name the Dockerfile with --file' : `did you mean "${join(dirname(file ?? near), near)}"?`;
  return new OperatorError('DOCKERFILE_MISSING', file === undefined ? 'the build context has no Dockerfile' : `Dockerfile "${file}" does not exist`, { hint });
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
