import { InternalError } from '@strake/api';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkOut } from './check-out';
import { checkOutWithGit } from './check-out-with-git';
import { dateOf } from './commit-date';
import type { GitParts } from './git-environment';
import { remoteError } from './git-errors';
import { moveSubdir } from './move-subdir';
import { withRepository } from './repository';
import { setTimes } from './set-times';
import { updateSubmodules } from './update-submodules';
import type { Wanted } from './wanted';

/** Writes the tree of a pinned op into an empty directory. Throws what the server's answers amount to, SOURCE_MISSING for a directory that is not in it. */
export async function fetchTree(wanted: Wanted, directory: string, parts: GitParts): Promise<void> {
  const { commit } = wanted;
  if (commit === undefined) throw new InternalError('a git source is fetched before it is resolved');
  const pinned = { ...wanted, commit };
  await withRepository(pinned, parts, async (repository) => {
    const tree = wanted.subdir === undefined ? directory : join(parts.work.scratch, 'tree');
    if (tree !== directory) mkdirSync(tree, { mode: 0o755 });
    try {
      const gitDirectory = wanted.keepGitDir ? await checkOutWithGit(repository, pinned, tree) : await checkOut(repository, commit, { tree, gitDirectory: join(parts.work.scratch, 'git') });
      if (wanted.submodules) await updateSubmodules(repository, pinned, { tree, gitDirectory }, parts);
    } catch (error) {
      throw remoteError(error, wanted.remote);
    }
    if (wanted.subdir !== undefined) moveSubdir(tree, wanted.subdir, directory, wanted.remote);
    if (wanted.commitTime) setTimes(directory, await dateOf(repository, commit));
  });
}
