import { chmodSync, lstatSync, lutimesSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { contextTime, type PreparedCase } from '../differential/cases';
import { dockerfileOf, type GeneratedBuild } from './generated-build';

/**
 * Writes a generated build into an empty folder.
 * @param name of the context's folder, another one for each build: BuildKit takes files of equal size and time from an earlier context of the same name
 */
export function writeBuild(build: GeneratedBuild, folder: string, name: string): PreparedCase {
  const context = join(folder, name);
  mkdirSync(context);
  for (const file of build.files) {
    const path = join(context, file.path);
    // Shrinking may have taken the folder away.
    mkdirSync(dirname(path), { recursive: true });
    if (file.kind === 'symlink') symlinkSync(file.content, path);
    else if (file.kind === 'directory') mkdirSync(path, { recursive: true });
    else writeFileSync(path, file.content);
    if (file.kind !== 'symlink') chmodSync(path, file.mode);
  }
  if (build.ignore.length > 0) writeFileSync(join(context, '.dockerignore'), `${build.ignore.join('\n')}\n`);
  const dockerfile = join(context, 'Dockerfile');
  writeFileSync(dockerfile, dockerfileOf(build));
  setTimes(context);
  return { context, dockerfile };
}

function setTimes(path: string): void {
  if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) setTimes(join(path, name));
  lutimesSync(path, contextTime, contextTime);
}
