/** A normalised name as people write it: `docker.io/library/app:1` is `app:1`, `docker.io/me/app:1` is `me/app:1`. */
export function familiarName(name: string): string {
  return name.replace(/^docker\.io\/(library\/)?/, '');
}

/** Repository and tag of a name for a table; `<none>` for what is missing. */
export function repositoryAndTag(name: string | undefined): readonly [repository: string, tag: string] {
  if (name === undefined) return ['<none>', '<none>'];
  const familiar = familiarName(name);
  const colon = familiar.indexOf(':', familiar.lastIndexOf('/') + 1);
  if (colon < 0 || familiar.includes('@')) return [familiar.replace(/@.*/, ''), '<none>'];
  return [familiar.slice(0, colon), familiar.slice(colon + 1)];
}
