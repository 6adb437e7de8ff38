import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withoutCredentials } from './authorization';
import { objectFormat } from './check-out';
import type { Repository } from './repository';
import { isFullHash, type Wanted } from './wanted';

/** Writes a commit's files with a `.git` that holds this commit, its ref, and where it came from; answers the path of `.git`. */
export async function checkOutWithGit(repository: Repository, { remote, ref, commit }: Wanted & { readonly commit: string }, tree: string): Promise<string> {
  const gitDirectory = join(tree, '.git');
  const git = (...args: readonly string[]): Promise<string> => repository.git([`--git-dir=${gitDirectory}`, `--work-tree=${tree}`, ...args], { cwd: tree, env: { GIT_ALLOW_PROTOCOL: 'file' } });
  await repository.git(['init', '--quiet', '--template=', ...objectFormat(commit), tree]);
  await git('remote', 'add', 'origin', withoutCredentials(remote));
  const type = (await repository.git([`--git-dir=${repository.directory}`, 'cat-file', '-t', commit])).trim();
  // The whole protocol, and no links between the two repositories.
  await git('fetch', '--update-head-ok', '--depth=1', '--no-tags', '--', pathToFileURL(repository.directory).href, `refs/strake/${commit}${nameOf(ref, type)}`);
  await git('checkout', '--quiet', 'FETCH_HEAD');
  await git('reflog', 'expire', '--all', '--expire=now');
  rmSync(join(gitDirectory, 'FETCH_HEAD'), { force: true });
  return gitDirectory;
}

function nameOf(ref: string | undefined, type: string): string {
  if (ref === undefined || isFullHash(ref)) return '';
  return type === 'tag' && !ref.startsWith('refs/tags/') ? `:refs/tags/${ref}` : `:${ref}`;
}
