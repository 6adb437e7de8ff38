/** The page of a rule in Docker's documentation, by the last part of its address. */
export function pageOf(slug: string): string {
  return `https://docs.docker.com/go/dockerfile/rule/${slug}/`;
}
