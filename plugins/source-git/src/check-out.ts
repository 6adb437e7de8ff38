import { writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Repository } from './repository';

/** Where a commit is checked out. */
export interface CheckOut {
  /** An existing empty directory. */
  readonly tree: string;
  /** Does not exist yet. */
  readonly gitDirectory: string;
}

/** Writes a commit's files; answers the directory of git's own, which borrows the objects and is thrown away afterwards. */
export async function checkOut(repository: Repository, commit: string, { tree, gitDirectory }: CheckOut): Promise<string> {
  mkdirSync(gitDirectory, { mode: 0o700 });
  await repository.git(['init', '--quiet', '--bare', '--template=', ...objectFormat(commit), gitDirectory]);
  mkdirSync(join(gitDirectory, 'objects/info'), { recursive: true });
  writeFileSync(join(gitDirectory, 'objects/info/alternates'), `${join(repository.directory, 'objects')}\n`);
  await repository.git([`--git-dir=${gitDirectory}`, `--work-tree=${tree}`, '-c', 'core.bare=false', 'read-tree', '--reset', '-u', `${commit}^{tree}`], { cwd: tree });
  return gitDirectory;
}

/** Of SHA-1 unless the commit's name is longer. */
export const objectFormat = (commit: string): readonly string[] => (commit.length === 64 ? ['--object-format=sha256'] : []);
