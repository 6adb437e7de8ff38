import type { Digest } from '@strake/api';
import { parseReference, type Store } from '@strake/oci';
import { imageIds } from './image-names';

/** What registries have an image under: it was pulled from there, or pushed there. */
interface KnownDigests {
  /** `docker.io/library/app@sha256:…`, the latest first. */
  readonly digests: readonly string[];
}

const MOST = 16;

const recordsOf = (store: Store) => store.cacheRecords<KnownDigests>('digests');

/** Remembers that a registry has, under `digest`, the images that `manifest` stands for in the store. */
export function rememberDigest(store: Store, manifest: Digest, name: string, digest: Digest): void {
  const shown = `${parseReference(name).repository}@${digest}`;
  const records = recordsOf(store);
  for (const id of imageIds(store, manifest)) {
    const known = records.get(id)?.digests ?? [];
    if (known[0] !== shown) records.set(id, { digests: [shown, ...known.filter((one) => one !== shown)].slice(0, MOST) });
  }
}

/** The names by digest of an image: in those repositories alone that it still has a name of, as an engine forgets them with the last. */
export function digestsOf(store: Store, id: Digest, names: readonly string[]): readonly string[] {
  const known = recordsOf(store).get(id)?.digests ?? [];
  if (known.length === 0) return known;
  const repositories = new Set(names.map((name) => parseReference(name).repository));
  return known.filter((one) => repositories.has(parseReference(one).repository));
}
