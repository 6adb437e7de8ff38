import type { Descriptor, Digest, Image } from '@strake/api';
import { OperatorError } from '@strake/api';
import { DEFAULT_LEVELS, digestOf, encodeGoJson, formedImage, isCompressedType, isForImages, isIndex, openImage, parseManifest, platformText, type FollowLayer, type Index, type Store } from '@strake/oci';
import type { FetchedManifest } from '../repository/read-manifest';

/** Images as they go to a registry: every layer compressed, or as it came from one. */
export interface PreparedPush {
  readonly images: readonly Image[];
  /** When there are several, or when it was an index of which all is here. */
  readonly index?: FetchedManifest;
}

/** Which of an index is pushed. */
export interface PrepareOptions {
  /** Chooses one platform's image of an index. */
  readonly choose?: (index: Index) => Descriptor;
  /** What an index names and the store lacks is left out of the question: the registries have it. */
  readonly complete?: boolean;
  readonly signal: AbortSignal;
  /** Takes layers while they are compressed. */
  readonly follow?: FollowLayer | undefined;
}

/**
 * Makes of a stored manifest what is pushed. A manifest that came from a registry keeps its bytes; the layers of one that was built here are
 * compressed, which gives another manifest, and another index above it.
 */
export async function preparePush(store: Store, root: Descriptor, options: PrepareOptions): Promise<PreparedPush> {
  const bytes = store.blobs.read(root.digest);
  const parsed = parseManifest(bytes, `the manifest ${root.digest}`);
  if (!isIndex(parsed)) return { images: [await ready(store, root, options)] };
  const entries = options.choose === undefined ? parsed.manifests : [options.choose(parsed)];
  const here = entries.filter(({ digest }) => store.blobs.has(digest));
  if (here.length < entries.length || options.choose !== undefined) return { images: [await ready(store, onlyOne(here, parsed), options)] };
  const images = new Map<Digest, Image>();
  for (const entry of entries.filter(isForImages)) images.set(entry.digest, await ready(store, entry, options));
  return { images: [...images.values()], index: indexOf({ descriptor: root, bytes }, parsed, images) };
}

/** As docker does with an index of which it has one platform. */
function onlyOne(here: readonly Descriptor[], { manifests }: Index): Descriptor {
  const images = here.filter(isForImages);
  const [only, ...more] = images;
  if (only !== undefined && more.length === 0) return only;
  throw new OperatorError('IMAGE_MISSING', `the image is here for ${images.map(platformText).join(', ') || 'no platform'}, of ${manifests.filter(isForImages).map(platformText).join(', ')}`, {
    hint: 'Push one of them with --platform, or bring all with strake pull --all-platforms.',
  });
}

/** Gzip is what every registry and engine takes. */
const FORM = { compression: { kind: 'gzip', level: DEFAULT_LEVELS.gzip }, force: false, docker: false, annotations: [] } as const;

async function ready(store: Store, { mediaType, digest, size }: Descriptor, { signal, follow }: PrepareOptions): Promise<Image> {
  const image = openImage(store, { mediaType, digest, size });
  if (image.layers.every(({ descriptor }) => isCompressedType(descriptor.mediaType) || store.remote.repositories(descriptor.digest).length > 0)) return image;
  return formedImage(store, image, undefined, FORM, { signal, follow, progress: () => undefined });
}

/** The index with the manifests that its images have now; the very bytes when all are the same. */
function indexOf(root: FetchedManifest, { manifests }: Index, images: ReadonlyMap<Digest, Image>): FetchedManifest {
  const changed = new Map([...images].filter(([digest, { manifest }]) => manifest.digest !== digest).map(([digest, { manifest }]) => [digest as string, manifest]));
  if (changed.size === 0) return root;
  const value = JSON.parse(root.bytes.toString('utf8')) as object;
  const entries = manifests.map((entry) => {
    const { mediaType, digest, size } = changed.get(entry.digest) ?? entry;
    return { ...entry, mediaType, digest, size, ...attested(entry, changed) };
  });
  const bytes = encodeGoJson({ ...value, manifests: entries });
  return { descriptor: { mediaType: root.descriptor.mediaType, digest: digestOf(bytes), size: bytes.length }, bytes };
}

/** An attestation says by an annotation which manifest it is about. */
function attested({ annotations }: Descriptor, changed: ReadonlyMap<string, Descriptor>): Pick<Descriptor, 'annotations'> {
  const about = changed.get(annotations?.['vnd.docker.reference.digest'] ?? '');
  return about === undefined ? {} : { annotations: { ...annotations, 'vnd.docker.reference.digest': about.digest } };
}
