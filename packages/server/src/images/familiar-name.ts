/** A normalised name as Docker shows it: `docker.io/library/app:1` is `app:1`. */
export function familiarName(name: string): string {
  return name.replace(/^docker\.io\/(library\/)?/, '');
}
