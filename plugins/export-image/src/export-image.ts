import type { ExportRequest, ExportResult } from '@strake/api';
import { formatReference, formedResults, parseReference, writtenResult, type FormedResult, type Store } from '@strake/oci';
import type { RegistryClient } from '@strake/registry';
import type { ImageExporterParts } from '.';
import type { ImageAttributes } from './attributes';

/** Puts a result under its names into the store, and pushes it. Throws what compressing and pushing throw. */
export async function exportImage({ store, client }: ImageExporterParts, request: ExportRequest, attributes: ImageAttributes): Promise<ExportResult> {
  const names = attributes.names ?? request.names;
  const pusher = attributes.push ? await client(attributes.insecure ? names.map(hostOf) : []) : undefined;
  const [first] = names;
  const follow = first === undefined ? undefined : pusher?.followLayers(first, { signal: request.signal });
  const [result] = await formedResults(store, { ...request, follow }, attributes.form);
  if (result === undefined) return {};
  const all = [...names, ...digestNames(names, result, attributes)];
  if (attributes.store) keep(store, result, all);
  if (pusher !== undefined) await push(pusher, result, names, { store, byDigest: attributes.byDigest }, request);
  return { ...writtenResult(result), names: all };
}

function digestNames(names: readonly string[], { descriptor: { digest } }: FormedResult, { canonical, danglingPrefix, danglingOnly }: ImageAttributes): readonly string[] {
  const own = canonical ? names.map((name) => parseReference(name).repository) : [];
  const dangling = danglingPrefix === undefined || (danglingOnly && names.length > 0) ? [] : [parseReference(danglingPrefix).repository];
  return [...new Set([...own, ...dangling])].map((repository) => formatReference({ repository, digest }));
}

function keep(store: Store, { images, index, descriptor }: FormedResult, names: readonly string[]): void {
  for (const image of images) {
    store.blobs.write(image.manifest.mediaType, image.manifestBytes);
    store.blobs.write(image.configDescriptor.mediaType, image.configBytes);
  }
  if (index !== undefined) store.blobs.write(index.descriptor.mediaType, index.bytes);
  const { mediaType, digest, size } = descriptor;
  for (const name of names) store.names.set(name, { mediaType, digest, size });
}

interface PushOptions {
  readonly store: Store;
  readonly byDigest: boolean;
}

/** A push goes to one repository, with all its tags. */
async function push(client: RegistryClient, { images, index }: FormedResult, names: readonly string[], { store, byDigest }: PushOptions, { signal, ...request }: ExportRequest): Promise<void> {
  const repositories = new Set(names.map((name) => parseReference(name).repository));
  const made = index === undefined ? {} : { index: { descriptor: index.descriptor, bytes: index.bytes } };
  for (const repository of repositories) {
    const references = names.filter((name) => parseReference(name).repository === repository);
    await client.pushImages(images, references, { ...made, store, byDigest }, { signal, progress: ({ descriptor, current }) => request.progress(descriptor.digest, current, descriptor.size) });
  }
}

const hostOf = (name: string): string => parseReference(name).repository.split('/', 1)[0] ?? '';
