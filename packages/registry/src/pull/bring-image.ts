import type { Descriptor, Digest, Platform } from '@strake/api';
import { OperatorError } from '@strake/api';
import { choosePlatform, isForImages, isIndex, parseConfig, parseManifest, platformText, type Index, type Manifest, type Store } from '@strake/oci';
import type { FetchedManifest } from '../repository/read-manifest';
import type { ContentSource } from '../content/content';

/** What messages say of an image. */
export interface Asked {
  /** As the user wrote it. */
  readonly reference: string;
  readonly platform: Platform;
}

/**
 * Brings as much of an image as a build needs to know of it: its index, the platform's manifest, and its config. Its layers come when something
 * needs them. Answers the root. Throws IMAGE_MISSING when there is none for the platform, and what the source throws.
 */
export async function bringImage(store: Store, source: ContentSource, asked: Asked, known?: FetchedManifest): Promise<Descriptor> {
  const root = known ?? (await source.root());
  const manifest = await manifestOf(source, root, asked, store, 0);
  const parsed = parseManifest(manifest.bytes, `the manifest ${manifest.descriptor.digest}`) as Manifest;
  const configBytes = store.blobs.has(parsed.config.digest) ? store.blobs.read(parsed.config.digest) : await source.read(parsed.config);
  const { rootfs, os, architecture } = parseConfig(configBytes, `the image config ${parsed.config.digest}`);
  if (rootfs.diff_ids.length !== parsed.layers.length) throw new OperatorError('IMAGE_INVALID', `${asked.reference} has ${parsed.layers.length} layers but its config ${rootfs.diff_ids.length}`);
  checkPlatform(asked, { os, architecture });
  keep(store, source, { root, manifest, parsed, configBytes });
  return root.descriptor;
}

/** Refuses an image that is for another platform. Throws IMAGE_MISSING. */
export function checkPlatform(asked: Asked, { os, architecture }: Pick<Platform, 'os' | 'architecture'>): void {
  if (os !== asked.platform.os || architecture !== asked.platform.architecture) throw noPlatform(asked, [`${os}/${architecture}`]);
}

/** Which of an index's entries is the platform's. Throws IMAGE_MISSING with the list there is. */
export function chooseEntry({ manifests }: Index, asked: Asked): Descriptor {
  const found = choosePlatform(manifests, asked.platform);
  if (found !== undefined) return found;
  throw noPlatform(asked, manifests.filter(isForImages).map(platformText));
}

async function manifestOf(source: ContentSource, { descriptor, bytes }: FetchedManifest, asked: Asked, store: Store, depth: number): Promise<FetchedManifest> {
  const parsed = parseManifest(bytes, `the manifest ${descriptor.digest}`);
  if (!isIndex(parsed)) return { descriptor, bytes };
  if (depth > 2) throw new OperatorError('IMAGE_INVALID', `${asked.reference}: its indexes are nested too deeply`);
  const entry = chooseEntry(parsed, asked);
  const { mediaType, digest, size } = entry;
  const next = store.blobs.has(digest) ? { descriptor: { mediaType, digest, size }, bytes: store.blobs.read(digest) } : await source.manifest(entry);
  return manifestOf(source, next, asked, store, depth + 1);
}

interface Kept {
  readonly root: FetchedManifest;
  readonly manifest: FetchedManifest;
  readonly parsed: Manifest;
  readonly configBytes: Buffer;
}

function keep(store: Store, source: ContentSource, { root, manifest, parsed, configBytes }: Kept): void {
  for (const blob of [...parsed.layers, parsed.config, manifest.descriptor]) {
    for (const origin of [...source.origins(blob)].reverse()) store.remote.remember(blob.digest, origin);
  }
  store.blobs.write(parsed.config.mediaType, configBytes);
  store.blobs.write(manifest.descriptor.mediaType, manifest.bytes);
  store.blobs.write(root.descriptor.mediaType, root.bytes);
  const id: Digest = parsed.config.digest;
  if (store.images.get(id)?.manifest.digest !== manifest.descriptor.digest) store.images.put(id, manifest.descriptor);
}

function noPlatform({ reference, platform: { os, architecture, variant } }: Asked, there: readonly string[]): OperatorError {
  const wanted = [os, architecture, variant].filter((part) => part !== undefined).join('/');
  return new OperatorError('IMAGE_MISSING', `${reference} has no image for ${wanted}`, { hint: there.length === 0 ? 'It has none for any platform.' : `There is ${[...new Set(there)].join(', ')}; choose one with --platform.` });
}
