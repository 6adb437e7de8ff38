import { posix } from 'node:path';

/** Go's `path.Clean`: the shortest equivalent path; `.` for an empty one; no trailing slash; a rooted path never climbs above `/`. */
export function cleanPath(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}

/** A path below a root, written relative to it: cleaned, `..` clamped to the root, no leading slash. Empty is the root itself. */
export function rootedPath(path: string): string {
  return cleanPath(`/${path}`).slice(1);
}

/** The last name of a relative path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
