import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Repositories to build from, made by git itself: bare, below one folder. */
export interface Repositories {
  readonly folder: string;
  /** Commits by what they are: `first`, `main`, `tag` (the object of an annotated tag), `side`. */
  readonly commits: Readonly<Record<'first' | 'main' | 'tag' | 'side' | 'module', string>>;
  /** Runs git in a work tree of `app`. */
  readonly git: (...args: readonly string[]) => string;
  /** Makes a commit on the present branch and pushes it; answers its name. */
  readonly commit: (files: Readonly<Record<string, string>>, message?: string) => string;
}

/** When commits were made, in seconds since 1970. */
export const COMMIT_TIME = 1_300_000_000;

const env = {
  PATH: process.env['PATH'], HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@example.org', GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.org', GIT_AUTHOR_DATE: `${COMMIT_TIME} +0000`, GIT_COMMITTER_DATE: `${COMMIT_TIME} +0000`, GIT_ALLOW_PROTOCOL: 'file',
};

const git = (cwd: string, ...args: readonly string[]): string => execFileSync('git', ['-c', 'init.defaultBranch=main', '-c', 'core.hooksPath=/dev/null', ...args], { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();

/** `app.git` with two branches, tags of both kinds, an executable, a link and a submodule `module.git` by a relative address. */
export function makeRepositories(folder: string): Repositories {
  const [work, module] = [join(folder, 'work'), join(folder, 'module-work')];
  for (const name of ['app.git', 'module.git']) git(folder, 'init', '--quiet', '--bare', name);
  for (const path of [work, module]) mkdirSync(path);
  git(module, 'init', '--quiet');
  const moduleCommit = commitIn(module, { 'in-module': 'm' }, 'module', join(folder, 'module.git'));
  git(work, 'init', '--quiet');
  const commit: Repositories['commit'] = (files, message = 'change') => commitIn(work, files, message, join(folder, 'app.git'));
  const first = commit({ Dockerfile: 'FROM scratch\nCOPY docs /\n', 'docs/a.txt': 'a', 'docs/deep/b.txt': 'b', 'run.sh': '#!/bin/sh\n' });
  git(work, 'tag', 'light');
  git(work, 'tag', '-a', 'v1', '-m', 'version 1');
  git(work, 'checkout', '--quiet', '-b', 'side');
  const side = commit({ side: 's' });
  git(work, 'checkout', '--quiet', 'main');
  execFileSync('chmod', ['755', join(work, 'run.sh')]);
  execFileSync('ln', ['-s', '../run.sh', join(work, 'docs/link')]);
  git(work, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', join(folder, 'module.git'), 'mod');
  git(work, 'config', '-f', '.gitmodules', 'submodule.mod.url', '../module.git');
  const main = commit({ 'docs/a.txt': 'aa' });
  git(work, 'push', '--quiet', '--tags', join(folder, 'app.git'));
  return { folder, git: (...args) => git(work, ...args), commit, commits: { first, main, side, module: moduleCommit, tag: git(work, 'rev-parse', 'v1') } };
}

function commitIn(work: string, files: Readonly<Record<string, string>>, message: string, remote: string): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(work, path, '..'), { recursive: true });
    writeFileSync(join(work, path), text);
  }
  git(work, 'add', '-A');
  git(work, 'commit', '--quiet', '-m', message);
  git(work, 'push', '--quiet', '--force', remote, 'HEAD');
  return git(work, 'rev-parse', 'HEAD');
}
