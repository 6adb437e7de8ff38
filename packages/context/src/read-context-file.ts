import { readFileSync } from 'node:fs';
import { DockerfileError } from '@strake/api';
import { rootedPath } from './clean-path';
import { access, type FileTree } from './file-tree';
import { sourceMissing } from './missing-source';
import { resolvePath } from './resolve-path';

/** Bytes: what is read as a text is written by people. */
const LARGEST = 1 << 20;

/**
 * The text of a file of a context. Links are followed as if the root were `/`, so nothing outside of it is read; an ignored file is not there.
 * Throws SOURCE_MISSING, and CONTEXT_INVALID for a file above 1 MiB.
 */
export function readContextFile(tree: FileTree, written: string): string {
  const path = rootedPath(written);
  const entry = resolvePath(tree, path);
  if (entry === undefined) throw sourceMissing(tree, path, written);
  if (entry.type !== 'file') throw new DockerfileError('SOURCE_MISSING', `"${written}" is no file: it is a ${entry.type}`, { at: written });
  if (entry.stats.size > LARGEST) throw new DockerfileError('CONTEXT_INVALID', `"${written}" is larger than 1 MiB`, { at: written });
  return access(written, () => readFileSync(tree.systemPath(entry.path), 'utf8'));
}
