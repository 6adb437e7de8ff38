import { DockerfileError } from '@strake/api';
import type { PlacedGroup } from './copy-tar';

/** Refuses names that mean in a layer that something was removed: some engines take them for that, and say nothing. Throws UNSUPPORTED. */
export function refuseMarks({ target, files }: PlacedGroup): void {
  const paths = [target, ...files.map(({ path }) => (path === '' ? target : `${target}/${path}`))];
  const mark = paths.find((path) => path.includes('/.wh.'));
  if (mark === undefined) return;
  throw new DockerfileError('UNSUPPORTED', `a layer cannot hold the file ${mark.replace(/^\/+/, '')}: a name that begins with ".wh." means there that a file was removed`, { hint: 'Give the file another name.' });
}
