/** The directories that `..` leaves again in an absolute path. BuildKit makes them on its way. */
export function detours(path: string): readonly string[] {
  const found: string[] = [];
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') {
      if (kept.length > 0) found.push(`/${kept.join('/')}`);
      kept.pop();
    } else if (part !== '' && part !== '.') kept.push(part);
  }
  return found;
}
