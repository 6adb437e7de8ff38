import type { Digest } from '@strake/api';
import { isIndex, parseManifest, type Store } from '@strake/oci';

/** The names of every image of a store by its ID, sorted; an index names all its images. */
export function imageNames(store: Store): ReadonlyMap<Digest, readonly string[]> {
  const known = idsByManifest(store);
  const names = new Map<Digest, string[]>();
  for (const { name, manifest } of store.names.list()) {
    for (const id of imageIds(store, manifest.digest, known)) names.set(id, [...(names.get(id) ?? []), name]);
  }
  return names;
}

/** The IDs of the images that a manifest or an index stands for, as far as they are in the store. Throws IMAGE_INVALID, STORE_INVALID. */
export function imageIds(store: Store, digest: Digest, known = idsByManifest(store)): readonly Digest[] {
  const id = known.get(digest);
  if (id !== undefined) return [id];
  if (!store.blobs.has(digest)) return [];
  // An image's record may have another manifest than its name: the same image, compressed otherwise.
  const manifest = parseManifest(store.blobs.read(digest), `the manifest ${digest}`);
  return isIndex(manifest) ? manifest.manifests.flatMap((child) => imageIds(store, child.digest, known)) : [manifest.config.digest];
}

function idsByManifest(store: Store): ReadonlyMap<Digest, Digest> {
  return new Map(store.images.list().map(({ id, manifest }) => [manifest.digest, id]));
}
