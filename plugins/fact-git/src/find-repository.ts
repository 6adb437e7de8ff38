import { lstatSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readConfig, type RepositoryConfig } from './read-config';
import { readHead } from './read-head';
import { readPlain } from './read-plain';
import { Unknown } from './unknown';

/** A repository as it lies on this machine. */
export interface Repository extends RepositoryConfig {
  /** The work tree's root. */
  readonly tree: string;
  /** Where HEAD and the index are. */
  readonly gitDirectory: string;
  /** Where objects and branches are: the same, but for linked work trees. */
  readonly common: string;
  readonly revision: string;
  readonly ref?: string;
}

/**
 * Finds the repository of a directory, in it or (with `above`) in one that it lies in, and reads what its files say. Nothing is executed, and its configuration
 * is but looked at. Throws `Unknown`.
 */
export function findRepository(directory: string, above: boolean): Repository {
  for (let tree = directory; ; tree = dirname(tree)) {
    const stats = lstatSync(join(tree, '.git'), { throwIfNoEntry: false });
    if (stats?.isDirectory() === true) return read(tree, join(tree, '.git'), join(tree, '.git'));
    if (stats?.isFile() === true && above) return linked(tree);
    if (stats !== undefined) throw new Unknown('the .git of the build context is no directory');
    if (!above || dirname(tree) === tree) throw new Unknown('the build context is in no git repository');
  }
}

function read(tree: string, gitDirectory: string, common: string): Repository {
  return { tree, gitDirectory, common, ...readHead(gitDirectory, common), ...readConfig(join(common, 'config')) };
}

/** A linked work tree: its file names the git directory, which must name the file: a file alone could name the repository of anybody. */
function linked(tree: string): Repository {
  const file = join(tree, '.git');
  const [, written = ''] = /^gitdir: (.+)\n?$/.exec(readPlain(file) ?? '') ?? [];
  const gitDirectory = resolve(tree, written);
  const back = readPlain(join(gitDirectory, 'gitdir'))?.trimEnd();
  if (written === '' || back === undefined || resolve(gitDirectory, back) !== file) throw new Unknown('the .git of the build context is a file, and not that of a linked work tree');
  const common = readPlain(join(gitDirectory, 'commondir'))?.trimEnd() ?? '.';
  return read(tree, gitDirectory, resolve(gitDirectory, common));
}
