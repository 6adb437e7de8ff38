import { InternalError } from '@strake/api';
import type { GitParts } from './git-environment';
import { withRepository, type Repository } from './repository';
import type { Wanted } from './wanted';

/** When the commit of a pinned op was made, in seconds since 1970. Throws what fetching throws. */
export async function commitDate(wanted: Wanted, parts: GitParts): Promise<number> {
  const { commit } = wanted;
  if (commit === undefined) throw new InternalError('a git source is asked for its date before it is resolved');
  return withRepository({ ...wanted, commit }, parts, (repository) => dateOf(repository, commit));
}

/** The date of a commit that the repository has. */
export async function dateOf(repository: Repository, commit: string): Promise<number> {
  return Number(await repository.git([`--git-dir=${repository.directory}`, 'show', '-s', '--format=%ct', `${commit}^{commit}`]));
}
