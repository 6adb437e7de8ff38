import type { Digest } from '@strake/api';
import { OperatorError } from '@strake/api';
import { familiarReference, findImage, parseReference, type Store } from '@strake/oci';
import { imageIds, imageNames } from './image-names';
import { digestsOf } from './registry-digests';

/** What a removal did. */
export interface Removed {
  /** Names, normalised; those by digest of a repository that it has no name of any more. */
  readonly untagged: readonly string[];
  /** Image IDs. Their content goes with the next prune. */
  readonly deleted: readonly Digest[];
}

/**
 * Takes a name from an image, and the image away with its last name. By an ID all names go; several only with `force`. Throws
 * IMAGE_MISSING, REFERENCE_INVALID, USAGE.
 */
export function removeImage(store: Store, reference: string, { force }: { readonly force: boolean }): Removed {
  const { manifest, name } = findImage(store, reference);
  const ids = imageIds(store, manifest.digest);
  const before = imageNames(store);
  const untagged = name === undefined ? [...new Set(ids.flatMap((id) => before.get(id) ?? []))] : [name];
  if (name === undefined && untagged.length > 1 && !force) throw severalNames(reference, untagged);
  for (const one of untagged) store.names.delete(one);
  const after = imageNames(store);
  const digests = ids.flatMap((id) => digestsOf(store, id, before.get(id) ?? []).filter((one) => !digestsOf(store, id, after.get(id) ?? []).includes(one)));
  const deleted = ids.filter((id) => (after.get(id) ?? []).length === 0);
  for (const id of deleted) store.images.delete(id);
  return { untagged: [...untagged, ...new Set(digests)], deleted };
}

function severalNames(reference: string, names: readonly string[]): OperatorError {
  const shown = names.map((name) => familiarReference(parseReference(name)));
  return new OperatorError('USAGE', `image ${reference} has several names: ${shown.join(', ')}`, { hint: 'Remove it by one of its names, or use --force to remove all.' });
}
