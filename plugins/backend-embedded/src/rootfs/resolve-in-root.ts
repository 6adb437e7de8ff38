import { readlinkSync } from 'node:fs';
import { DockerfileError } from '@strake/api';

const MOST_LINKS = 255;

/**
 * Finds the place on this machine of a path inside a root directory. Links are followed as if the root were `/`: neither a link
 * nor `..` leads out of it. What does not exist yet is taken as written. The answer is the root or lies below it, and no part
 * of it is a link. Throws INVALID_ARGUMENTS for a loop of links.
 */
export function resolveInRoot(root: string, path: string): string {
  const resolved: string[] = [];
  const ahead = path.split('/').reverse();
  for (let links = 0; ahead.length > 0; ) {
    const name = ahead.pop() ?? '';
    if (name === '' || name === '.') continue;
    if (name === '..') {
      resolved.pop();
      continue;
    }
    const target = linkTarget(`${join(root, resolved)}/${name}`);
    if (target === undefined) {
      resolved.push(name);
      continue;
    }
    if (++links > MOST_LINKS) throw loop(path);
    if (target.startsWith('/')) resolved.length = 0;
    ahead.push(...target.split('/').reverse());
  }
  return join(root, resolved);
}

const join = (root: string, names: readonly string[]): string => (names.length === 0 ? root : `${root}/${names.join('/')}`);

/** Where a link points; undefined for what is no link or is not there. */
function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EINVAL' || code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function loop(path: string): DockerfileError {
  return new DockerfileError('INVALID_ARGUMENTS', `"${path}": too many symbolic links`, { hint: 'the links point at each other' });
}
