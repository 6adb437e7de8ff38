/** Joins and cleans: absolute, no `.`, no `..`. */
function clean(path: string): string {
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') kept.pop();
    else if (part !== '' && part !== '.') kept.push(part);
  }
  return `/${kept.join('/')}`;
}

/** A destination seen from the working directory: cleaned; one that says directory (`dir/`, `.`, `dir/.`) ends with `/`. */
export function resolveDestination(workdir: string, written: string): string {
  const path = clean(written.startsWith('/') ? written : `${workdir}/${written}`);
  const directory = written === '' || /(^|\/)\.?$/.test(written);
  return directory && path !== '/' ? `${path}/` : path;
}

/** A source relative to the root of what is copied from: nothing leads out of it. */
export function cleanSource(written: string): string {
  return clean(written).slice(1) || '.';
}
