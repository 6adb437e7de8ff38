/** `path` seen from `directory`, cleaned as Go's `path.Join` does: absolute, no `.`, no `..`, no slash at the end. */
export function resolvePath(directory: string, path: string): string {
  const kept: string[] = [];
  for (const part of `${path.startsWith('/') ? '' : directory}/${path}`.split('/')) {
    if (part === '..') kept.pop();
    else if (part !== '' && part !== '.') kept.push(part);
  }
  return `/${kept.join('/')}`;
}

/** A destination seen from the working directory, cleaned; one that says directory (`dir/`, `.`, `dir/.`) ends with `/`. */
export function resolveDestination(workdir: string, written: string): string {
  const path = resolvePath(workdir, written);
  return /(^|\/)\.?$/.test(written) && path !== '/' ? `${path}/` : path;
}

/** A source relative to the root of what is copied from: nothing leads out of it. */
export function cleanSource(written: string): string {
  return resolvePath('/', written).slice(1) || '.';
}
