import { DockerfileError, printableUrl, suggest } from '@strake/api';
import { lstatSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';

/** Moves what is in a directory of a tree into another, empty one on the same file system. No link is followed. Throws SOURCE_MISSING. */
export function moveSubdir(tree: string, subdir: string, directory: string, remote: string): void {
  let folder = tree;
  for (const part of subdir.split('/')) {
    const next = join(folder, part);
    if (lstatSync(next, { throwIfNoEntry: false })?.isDirectory() !== true) throw missing(folder, part, subdir, remote);
    folder = next;
  }
  for (const name of readdirSync(folder, 'buffer')) renameSync(joined(folder, name), joined(directory, name));
}

const joined = (folder: string, name: Buffer): Buffer => Buffer.concat([Buffer.from(`${folder}/`), name]);

function missing(folder: string, part: string, subdir: string, remote: string): DockerfileError {
  const near = suggest(part, readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name));
  const there = lstatSync(join(folder, part), { throwIfNoEntry: false }) !== undefined;
  const message = there ? `"${part}" of the path ${subdir} is no directory in ${printableUrl(remote)}` : `${printableUrl(remote)} has no directory ${subdir}`;
  return new DockerfileError('SOURCE_MISSING', message, { at: subdir, ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }) });
}
