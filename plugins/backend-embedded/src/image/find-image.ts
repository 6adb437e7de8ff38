import type { Descriptor } from '@strake/api';
import { DockerfileError, suggest } from '@strake/api';
import type { Store } from '@strake/oci';

/** Finds an image by name (short or full), by its ID or by its manifest's digest. Throws IMAGE_MISSING with the nearest names. */
export function findImage(store: Store, reference: string): Descriptor {
  const found = byDigest(store, reference) ?? byName(store, reference);
  if (found === undefined) throw missing(store, reference);
  return found;
}

/** `docker.io/library/app:latest` for `app`. */
export function normalizeName(reference: string): string {
  const [first = ''] = reference.split('/', 1);
  const hasHost = reference.includes('/') && (/[.:]/.test(first) || first === 'localhost');
  const host = hasHost ? first.replace(/^index\.docker\.io$/, 'docker.io') : 'docker.io';
  const rest = hasHost ? reference.slice(first.length + 1) : reference;
  const path = host === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest;
  return /:[^/]*$/.test(path) ? `${host}/${path}` : `${host}/${path}:latest`;
}

function byName(store: Store, reference: string): Descriptor | undefined {
  const [name = ''] = reference.split('@', 1);
  return store.names.get(normalizeName(name))?.manifest;
}

function byDigest(store: Store, reference: string): Descriptor | undefined {
  const digest = /(?:^|@)(sha256:[0-9a-f]{64})$/.exec(reference)?.[1];
  const prefix = /^(?:sha256:)?([0-9a-f]{6,64})$/.exec(reference)?.[1];
  if (digest === undefined && prefix === undefined) return undefined;
  const images = store.images.list().filter(({ id, manifest }) => id === digest || manifest.digest === digest || (prefix !== undefined && id.startsWith(`sha256:${prefix}`)));
  // A short ID that several images share names none.
  return images.length === 1 || digest !== undefined ? images[0]?.manifest : undefined;
}

function missing(store: Store, reference: string): DockerfileError {
  const [, wanted] = splitTag(normalizeName(reference.split('@', 1)[0] ?? ''));
  const names = store.names.list().map(({ name }) => name);
  const otherTag = names.find((name) => splitTag(name)[1] === wanted);
  const near = otherTag ?? suggest(wanted, names.map((name) => splitTag(name)[1]));
  return new DockerfileError('IMAGE_MISSING', `image ${reference} is not in the store`, {
    hint: `${near === undefined ? '' : `did you mean ${familiar(near)}? Otherwise `}bring it in with "strake load -i FILE", or name a layout with --build-context ${reference}=oci-layout://PATH`,
  });
}

/** A full name's tag, and what stands before it. */
function splitTag(name: string): readonly [tag: string, repository: string] {
  const colon = name.lastIndexOf(':');
  return [name.slice(colon + 1), name.slice(0, colon)];
}

/** As people write it. */
function familiar(name: string): string {
  return name.replace(/^docker\.io\/(library\/)?/, '');
}
