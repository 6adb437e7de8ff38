import { CancelledError, OperatorError } from '@strake/api';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Repository } from './find-repository';
import { copyPlain } from './copy-plain';
import { Unknown } from './unknown';

/** Nobody's configuration: no hooks, no filters, no monitors, no other programs; nothing is fetched, nothing is written to the repository. */
const ENVIRONMENT = {
  GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_SYSTEM: '/dev/null', GIT_CONFIG_GLOBAL: '/dev/null', GIT_ATTR_NOSYSTEM: '1', GIT_OPTIONAL_LOCKS: '0', GIT_NO_REPLACE_OBJECTS: '1',
  GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: 'none', GIT_TERMINAL_PROMPT: '0', HOME: '/nonexistent', LC_ALL: 'C',
};

/**
 * Whether files that a repository knows were changed, as `git describe --dirty` has it: new files do not count, submodules neither. git is asked with a git directory of
 * our own, that has the repository's objects and a copy of its index, and nothing of its configuration. Throws `Unknown`, PROGRAM_MISSING.
 */
export async function isDirty(repository: Repository, signal: AbortSignal): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'strake-git-'));
  try {
    makeGitDirectory(folder, repository);
    return (await status(folder, repository.tree, signal)) !== '';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function makeGitDirectory(folder: string, { gitDirectory, common, revision, fileMode, autocrlf }: Repository): void {
  const objects = join(common, 'objects');
  if (/["\n]/.test(objects)) throw new Unknown('the path of the git repository has characters that git does not take');
  for (const path of ['objects/info', 'refs']) mkdirSync(join(folder, path), { recursive: true });
  const format = revision.length === 64 ? '\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = sha256\n[core]\n' : '\trepositoryformatversion = 0\n';
  const values = [...(fileMode === undefined ? [] : [`\tfilemode = ${fileMode}\n`]), ...(autocrlf === undefined ? [] : [`\tautocrlf = ${autocrlf}\n`])];
  writeFileSync(join(folder, 'config'), `[core]\n${format}\tbare = false\n${values.join('')}`);
  writeFileSync(join(folder, 'HEAD'), `${revision}\n`);
  writeFileSync(join(folder, 'objects/info/alternates'), `${objects}\n`);
  copyPlain(join(gitDirectory, 'index'), join(folder, 'index'));
}

function status(gitDirectory: string, tree: string, signal: AbortSignal): Promise<string> {
  const args = [`--git-dir=${gitDirectory}`, `--work-tree=${tree}`, '-c', 'core.fsmonitor=false', 'status', '--porcelain', '-z', '--untracked-files=no', '--ignore-submodules=all', '--no-renames'];
  return new Promise((done, failed) => {
    execFile('git', args, { cwd: gitDirectory, env: { ...ENVIRONMENT, PATH: process.env['PATH'] }, maxBuffer: 1 << 28, signal }, (error, stdout) => {
      if (error === null) done(stdout);
      else if (signal.aborted) failed(new CancelledError());
      else if (error.code === 'ENOENT') failed(new OperatorError('PROGRAM_MISSING', 'git is needed to tell whether files were changed', { hint: 'install git' }));
      else failed(new Unknown('git cannot tell whether files of the repository were changed'));
    });
  });
}
