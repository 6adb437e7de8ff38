import type { Descriptor } from '@strake/api';

const TAG = 'org.opencontainers.image.ref.name';

/** What an entry of a layout's index is called. */
export function tagOf({ annotations }: Descriptor): string | undefined {
  return annotations?.[TAG];
}

/** An index's entries with one under a tag, which takes the place of the one that had it. */
export function withTagged(entries: readonly Descriptor[], { mediaType, digest, size }: Descriptor, tag: string): readonly Descriptor[] {
  return [...entries.filter((entry) => tagOf(entry) !== tag), { mediaType, digest, size, annotations: { [TAG]: tag } }];
}
