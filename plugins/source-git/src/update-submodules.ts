import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withoutCredentials } from './authorization';
import type { CheckOut } from './check-out';
import { submoduleEnvironment, type GitParts } from './git-environment';
import type { Repository } from './repository';
import type { Wanted } from './wanted';

/** Brings the submodules, and theirs, of what was checked out. Relative addresses are relative to the repository's own. */
export async function updateSubmodules(repository: Repository, wanted: Wanted, { tree, gitDirectory }: CheckOut, parts: GitParts): Promise<void> {
  if (!existsSync(join(tree, '.gitmodules'))) return;
  const git: Git = (args, env) => repository.git([`--git-dir=${gitDirectory}`, `--work-tree=${tree}`, ...args], { cwd: tree, remote: true, ...(env === undefined ? {} : { env }) });
  if (!wanted.keepGitDir) {
    await git(['config', 'core.bare', 'false']);
    await git(['config', 'remote.origin.url', withoutCredentials(wanted.remote)]);
  }
  await updateBelow(tree, git, { repository, wanted, parts });
  if (!wanted.keepGitDir) removePointers(Buffer.from(tree));
}

type Git = (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<string>;

interface Updating {
  readonly repository: Repository;
  readonly wanted: Wanted;
  readonly parts: GitParts;
}

/** One level after the other: whose secrets are needed is known when the addresses are. */
async function updateBelow(tree: string, git: Git, updating: Updating): Promise<void> {
  const { repository, wanted, parts } = updating;
  await git(['submodule', '--quiet', 'init']);
  const env = await submoduleEnvironment(wanted, await addressesOf(git), parts);
  await git(['submodule', '--quiet', 'update', '--depth=1'], env);
  for (const path of await pathsOf(git)) {
    const below = join(tree, path);
    if (!existsSync(join(below, '.gitmodules'))) continue;
    await updateBelow(below, (args, more = env) => repository.git(args, { cwd: below, remote: true, env: more }), updating);
  }
}

/** Of the submodules that are to be brought, as git has made them of what `.gitmodules` says. */
async function addressesOf(git: Git): Promise<readonly string[]> {
  const lines = await git(['config', '--local', '--null', '--get-regexp', '^submodule\\..*\\.url$']).catch(() => '');
  return lines.split('\0').flatMap((line) => (line.includes('\n') ? [line.slice(line.indexOf('\n') + 1)] : []));
}

const GITLINK = /^160000 [0-9a-f]+ \d\t(.*)$/s;

async function pathsOf(git: Git): Promise<readonly string[]> {
  return (await git(['ls-files', '--stage', '-z'])).split('\0').flatMap((line) => GITLINK.exec(line)?.[1] ?? []);
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
