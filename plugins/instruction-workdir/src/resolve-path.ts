/** `path` seen from `directory`, cleaned as Go's `path.Join` does: absolute, no `.`, no `..`, no trailing slash. */
export function resolvePath(directory: string, path: string): string {
  const kept: string[] = [];
  for (const part of `${path.startsWith('/') ? '' : directory}/${path}`.split('/')) {
    if (part === '..') kept.pop();
    else if (part !== '' && part !== '.') kept.push(part);
  }
  return `/${kept.join('/')}`;
}
