import { DockerfileError, printableUrl } from '@strake/api';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withoutCredentials } from './authorization';
import { gitEnvironment, type GitParts } from './git-environment';
import { remoteError } from './git-errors';
import { withLockedFolder } from './locked-folder';
import { GitFailure, runGit, type GitRun } from './run-git';
import { isFullHash, type Wanted } from './wanted';

/** A bare repository on this machine that has a commit. */
export interface Repository {
  readonly directory: string;
  /** Runs git on it, or on a work tree that it is given. */
  readonly git: (args: readonly string[], options?: Partial<Pick<GitRun, 'cwd' | 'remote'>> & { readonly env?: Readonly<Record<string, string>> }) => Promise<string>;
}

/** Gives `work` the repository that builds share for a remote, alone, with the commit of a pinned op in it. Throws what fetching throws. */
export async function withRepository<T>(wanted: Wanted & { readonly commit: string }, parts: GitParts, work: (repository: Repository) => Promise<T>): Promise<T> {
  const { cacheDirectory, signal } = parts.work;
  const name = createHash('sha256').update(`${withoutCredentials(wanted.remote)}\n${wanted.commit.length}`).digest('hex');
  const folder = join(cacheDirectory, 'repositories', name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return withLockedFolder(folder, signal, async () => {
    const repository = await open(join(folder, 'git'), wanted, parts);
    if (!(await has(repository, wanted.commit))) await fetchCommit(repository, wanted);
    return work(repository);
  });
}

async function open(directory: string, wanted: Wanted & { readonly commit: string }, parts: GitParts): Promise<Repository> {
  const base = await gitEnvironment(wanted, parts);
  const { signal, progress } = parts.work;
  const git: Repository['git'] = (args, { env = {}, cwd = directory, ...options } = {}) => runGit(args, { env: { ...base, ...env }, signal, cwd, progress, ...options });
  // Made in two steps, and perhaps only one of them was.
  if (!existsSync(join(directory, 'HEAD'))) {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { mode: 0o700 });
    await git(['init', '--quiet', '--bare', '--template=', ...(wanted.commit.length === 64 ? ['--object-format=sha256'] : []), directory]);
  }
  // A fetch that was killed leaves its lock.
  rmSync(join(directory, 'shallow.lock'), { force: true });
  return { directory, git };
}

const inRepository = ({ directory }: Repository): string => `--git-dir=${directory}`;

async function has(repository: Repository, commit: string): Promise<boolean> {
  const complete = await repository.git([inRepository(repository), 'cat-file', '-e', `${commit}^{tree}`]).then(() => true, (error: unknown) => failedOnly(error));
  // An object may be there by a fetch that never ended; a ref is only written after one that did.
  return complete && repository.git([inRepository(repository), 'rev-parse', '--verify', '--quiet', `refs/strake/${commit}`]).then(() => true, (error: unknown) => failedOnly(error));
}

function failedOnly(error: unknown): false {
  if (error instanceof GitFailure) return false;
  throw error;
}

/** One commit and nothing of its history where the server lets us: by the ref that it is at, by its own name, or else by fetching all. */
async function fetchCommit(repository: Repository, { remote, ref, commit }: Wanted & { readonly commit: string }): Promise<void> {
  const url = withoutCredentials(remote);
  const target = `refs/strake/${commit}`;
  const fetch = (...args: readonly string[]): Promise<string> => repository.git([inRepository(repository), 'fetch', '--progress', '--no-write-fetch-head', '--no-auto-maintenance', '--force', ...args], { remote: true });
  const attempts: readonly (() => Promise<unknown>)[] = [
    ...(ref === undefined || isFullHash(ref) ? [] : [() => fetch('--depth=1', '--no-tags', '--', url, `${ref}:${target}`)]),
    () => fetch('--depth=1', '--no-tags', '--', url, `${commit}:${target}`),
    () => fetch(...(existsSync(join(repository.directory, 'shallow')) ? ['--unshallow'] : []), '--no-tags', '--', url, '+refs/heads/*:refs/all/heads/*', '+refs/tags/*:refs/all/tags/*'),
  ];
  let failure: unknown;
  for (const attempt of attempts) {
    try {
      await attempt();
      if (await adopt(repository, commit, target)) return;
    } catch (error) {
      if (!(error instanceof GitFailure)) throw error;
      failure ??= error;
    }
  }
  const isAbsent = failure === undefined || (failure instanceof GitFailure && /not our ref|unadvertised object|couldn't find remote ref/.test(failure.said));
  throw isAbsent ? new DockerfileError('SOURCE_MISSING', `${printableUrl(remote)} does not contain the commit ${commit}`, { at: commit, cause: failure }) : remoteError(failure, remote);
}

/** Whether the commit has come; the ref may be at another one by now. */
async function adopt(repository: Repository, commit: string, target: string): Promise<boolean> {
  try {
    await repository.git([inRepository(repository), 'cat-file', '-e', `${commit}^{tree}`]);
    await repository.git([inRepository(repository), 'update-ref', target, commit]);
    return true;
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    await repository.git([inRepository(repository), 'update-ref', '-d', target]);
    return false;
  }
}
