import { readFileSync } from 'node:fs';
import { OperatorError } from '@strake/api';
import { FileTree, access } from './file-tree';
import { Ignore } from './ignore';
import { DEFAULT_DOCKERFILES } from './find-dockerfile';
import { nearestName } from './nearest-name';
import { resolvePath } from './resolve-path';

/** A Dockerfile that was found in a context. */
export interface FoundDockerfile {
  /** Relative to the context's root, as it was asked for. */
  readonly name: string;
  readonly text: string;
}

/**
 * Reads the Dockerfile of a context that comes from elsewhere: links are followed as if the root were `/`, so that nothing of this
 * machine is read in its place. Throws DOCKERFILE_MISSING, CONTEXT_INVALID.
 */
export function readDockerfileIn(root: string, file?: string): FoundDockerfile {
  const tree = new FileTree(root);
  for (const name of file === undefined ? DEFAULT_DOCKERFILES : [file]) {
    const text = readIn(tree, name);
    if (text !== undefined) return { name, text };
  }
  const near = nearestName(file ?? 'Dockerfile', [...tree.children(tree.rootEntry).keys()]);
  const message = file === undefined ? 'the build context has no Dockerfile' : `the build context has no Dockerfile "${file}"`;
  throw new OperatorError('DOCKERFILE_MISSING', message, { hint: near === undefined ? 'name the Dockerfile with --file, relative to the root of the context' : `did you mean "${near}"?` });
}

/** The ignore file of such a context: that of the Dockerfile goes before the context's; one that ignores nothing when there is none. Throws CONTEXT_INVALID. */
export function readIgnoreFileIn(root: string, dockerfile?: string): Ignore {
  const tree = new FileTree(root);
  for (const name of [...(dockerfile === undefined ? [] : [`${dockerfile}.dockerignore`]), '.dockerignore']) {
    const text = readIn(tree, name);
    if (text !== undefined) return new Ignore(text, name);
  }
  return new Ignore('', '.dockerignore');
}

function readIn(tree: FileTree, path: string): string | undefined {
  const entry = resolvePath(tree, path);
  if (entry?.type !== 'file') return undefined;
  return access(path, () => readFileSync(tree.systemPath(entry.path), 'utf8'));
}
