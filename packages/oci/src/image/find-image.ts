import type { Descriptor, Digest } from '@strake/api';
import { OperatorError, suggest } from '@strake/api';
import { isDigest } from '../digest';
import type { ImageRecord, Store } from '../store';
import { familiarReference, formatReference, parseReference, type Reference } from './reference';

/** An image that a reference stands for. */
export interface FoundImage {
  /** Of its manifest, or of an index of several platforms. */
  readonly manifest: Descriptor;
  /** The normalised name by which it was found; undefined when it was by an ID or a digest. */
  readonly name?: string;
}

/** Fewer digits of an ID are taken for a name only. */
const LEAST_DIGITS = 6;

/**
 * Finds an image by its name, short or full, by its ID, by six or more first digits of that, or by the digest of its
 * manifest (`sha256:…` or `name@sha256:…`). Throws IMAGE_MISSING with the nearest name, REFERENCE_INVALID also when several images' IDs begin so.
 */
export function findImage(store: Store, reference: string): FoundImage {
  if (isDigest(reference)) return { manifest: byDigest(store, reference) ?? missing(store, reference) };
  const parsed = parse(reference);
  if (parsed?.digest !== undefined) return { manifest: byDigest(store, parsed.digest) ?? missing(store, reference) };
  const name = parsed === undefined ? undefined : formatReference(parsed);
  const named = name === undefined ? undefined : store.names.get(name);
  if (named !== undefined && name !== undefined) return { manifest: named.manifest, name };
  return { manifest: byPrefix(store, reference) ?? missing(store, reference) };
}

/** What is only digits is no name that Docker accepts, but an ID. */
function parse(reference: string): Reference | undefined {
  return /^(?:sha256:)?[0-9a-f]{64}$/.test(reference) ? undefined : parseReference(reference);
}

function byDigest(store: Store, digest: Digest): Descriptor | undefined {
  const image = store.images.get(digest) ?? store.images.list().find(({ manifest }) => manifest.digest === digest);
  return image?.manifest ?? store.names.list().find(({ manifest }) => manifest.digest === digest)?.manifest;
}

function byPrefix(store: Store, reference: string): Descriptor | undefined {
  const prefix = /^(?:sha256:)?([0-9a-f]+)$/.exec(reference)?.[1];
  if (prefix === undefined || prefix.length < LEAST_DIGITS) return undefined;
  const found = store.images.list().filter(({ id }: ImageRecord) => id.startsWith(`sha256:${prefix}`));
  if (found.length < 2) return found[0]?.manifest;
  throw new OperatorError('REFERENCE_INVALID', `the IDs of ${found.length} images begin with ${prefix}`, { hint: 'Write more digits of the ID.' });
}

function missing(store: Store, reference: string): never {
  const names = store.names.list().map(({ name }) => familiarReference(parseReference(name)));
  const near = suggest(reference, names) ?? names.find((name) => name.replace(/:[^:/]*$/, '') === reference.replace(/:[^:/]*$/, ''));
  throw new OperatorError('IMAGE_MISSING', `image ${reference} is not in the store`, {
    hint: near === undefined ? 'Bring it in with "strake pull" or "strake load -i FILE".' : `Did you mean ${near}? Other images come in with "strake pull" or "strake load -i FILE".`,
  });
}
