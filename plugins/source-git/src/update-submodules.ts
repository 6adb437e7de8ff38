import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withoutCredentials } from './authorization';
import type { CheckOut } from './check-out';
import type { Repository } from './repository';
import type { Wanted } from './wanted';

/** Brings the submodules, and theirs, of what was checked out. Relative addresses are relative to the repository's own. */
export async function updateSubmodules(repository: Repository, { remote, keepGitDir }: Wanted, { tree, gitDirectory }: CheckOut): Promise<void> {
  if (!existsSync(join(tree, '.gitmodules'))) return;
  const git = (...args: readonly string[]): Promise<string> => repository.git([`--git-dir=${gitDirectory}`, `--work-tree=${tree}`, ...args], { cwd: tree, remote: true });
  if (!keepGitDir) {
    await git('config', 'core.bare', 'false');
    await git('config', 'remote.origin.url', withoutCredentials(remote));
  }
  await git('submodule', '--quiet', 'update', '--init', '--recursive', '--depth=1');
  if (!keepGitDir) removePointers(Buffer.from(tree));
}

/** A submodule's `.git` is a file that points into the directory which is thrown away; no file of a repository can be called so. */
function removePointers(directory: Buffer): void {
  for (const entry of readdirSync(directory, { withFileTypes: true, encoding: 'buffer' })) {
    const path = Buffer.concat([directory, Buffer.from('/'), entry.name]);
    if (entry.isDirectory()) removePointers(path);
    else if (entry.name.equals(POINTER)) rmSync(path);
  }
}

const POINTER = Buffer.from('.git');
