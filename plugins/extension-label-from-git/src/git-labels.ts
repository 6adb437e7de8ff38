/** What is known of a repository. */
export interface KnownRepository {
  readonly revision: string;
  readonly ref?: string;
  readonly url?: string;
  readonly dirty: boolean;
}

/** Its labels, by the names of the OCI image specification's annotations. */
export function gitLabels({ revision, ref, url, dirty }: KnownRepository): Readonly<Record<string, string>> {
  return {
    'org.opencontainers.image.revision': dirty ? `${revision}-dirty` : revision,
    ...(ref === undefined ? {} : { 'org.opencontainers.image.ref.name': ref }),
    ...(url === undefined ? {} : { 'org.opencontainers.image.source': url }),
  };
}
