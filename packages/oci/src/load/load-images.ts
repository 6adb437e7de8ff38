import type { Descriptor, Digest } from '@strake/api';
import { OperatorError } from '@strake/api';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { untilAborted } from '../compression/until-aborted';
import { MEDIA_TYPES } from '../image/media-types';
import { formatReference, parseReference } from '../image/reference';
import type { Lease, Store } from '../store';
import { invalidImage, readSmall, type InputFiles } from './input-files';
import { Intake, type TakenImage } from './intake';
import { parseDockerManifest, takeDockerImage, type DockerEntry } from './load-docker';
import { takeLayout, type TakenEntry } from './load-layout';
import { takeRootfs } from './load-rootfs';
import { namesInDocker, namesInIndex } from './names-in';
import { openInput, type OpenInput } from './open-input';

/** How images are loaded. */
export interface LoadOptions {
  /** false: the names in the input are not taken over. */
  readonly names?: boolean;
  /** A further name for the one image of the input; what makes an image of a plain root file system. */
  readonly name?: string;
  /** Of a layout only the image that this picks among the entries of its index is taken; it throws when none fits. */
  readonly choose?: (entries: readonly Descriptor[]) => Descriptor;
  readonly signal?: AbortSignal;
}

/** An image that is in the store now. */
export interface LoadedImage {
  readonly id: Digest;
  /** Normalised. */
  readonly names: readonly string[];
}

/** What one name stands for, and all that it brings. */
interface Loading {
  readonly target: Descriptor;
  readonly images: readonly TakenImage[];
  readonly names: readonly string[];
}

/**
 * Loads images from a folder, a file or a stream: OCI image layouts, plain or in an archive, Docker's archives, old and
 * new, and a root file system's tar when it is given a name; archives may be compressed as a whole. Which it is, is found out.
 * Every digest, size and DiffID is verified before anything is registered, names last: after an error the store has at most
 * blobs that nothing refers to. Into a store that is only read, and keeps small things in memory, layouts are loaded without their layers. Throws IMAGE_INVALID, IMAGE_MISSING, REFERENCE_INVALID, DISK_FULL, PERMISSION, CANCELLED, UNSUPPORTED.
 */
export async function loadImages(store: Store, input: string | Readable, options: LoadOptions = {}): Promise<readonly LoadedImage[]> {
  const name = options.name === undefined ? undefined : formatReference(parseReference(options.name));
  const work = workFolder(store);
  try {
    const open = await openInput(input, () => work.directory, options.signal);
    const found = await take(store, open, { ...options, ...(name === undefined ? {} : { name }) });
    const loading = found.map((one) => ({ ...one, names: options.names === false ? [] : one.names }));
    return register(store, name === undefined ? loading : withName(loading, name, open.files));
  } finally {
    work.release();
  }
}

/** Beside a store that is only read a folder is made when one is needed: for archives. */
function workFolder(store: Store): Lease {
  if (!store.readonly) return store.lease();
  let made: string | undefined;
  return {
    get directory() {
      return (made ??= mkdtempSync(join(tmpdir(), 'strake-load-')));
    },
    release: () => (made === undefined ? undefined : rmSync(made, { recursive: true, force: true })),
  };
}

async function take(store: Store, { files, tar }: OpenInput, { name, choose, signal }: LoadOptions): Promise<readonly Loading[]> {
  const intake = new Intake(store, files, signal);
  const manifest = await readSmall(files, 'manifest.json');
  const isLayout = files.size('oci-layout') !== undefined && files.size('index.json') !== undefined;
  if (isLayout) return takeBoth(await takeLayout(files, intake, choose), manifest === undefined || choose !== undefined ? [] : parseDockerManifest(manifest, intake), files, intake);
  if (manifest !== undefined) return takeBoth([], parseDockerManifest(manifest, intake), files, intake);
  if (tar === undefined) throw invalidImage(files.shown, 'it has neither index.json nor manifest.json');
  if (name === undefined) {
    throw new OperatorError('IMAGE_INVALID', `${files.shown} holds no image`, { hint: 'If it is a root file system, give the image that is to be made of it a name.' });
  }
  const blob = await store.blobs.ingest(untilAborted(createReadStream(tar, { highWaterMark: 1 << 20 }), signal), { mediaType: MEDIA_TYPES.layer });
  const image = takeRootfs(store, intake, blob);
  return [{ target: image.manifest, images: [image], names: [] }];
}

/** Docker writes a layout with a `manifest.json` beside it: that has the names, and old archives have nothing else. */
async function takeBoth(entries: readonly TakenEntry[], docker: readonly DockerEntry[], files: InputFiles, intake: Intake): Promise<readonly Loading[]> {
  const loading: Loading[] = entries.map(({ entry, ...taken }) => ({ ...taken, names: namesInIndex(entry) }));
  for (const entry of docker) {
    const names = namesInDocker(entry, intake);
    const known = loading.find(({ images }) => images.some(({ id }) => entry.config.includes(id.slice('sha256:'.length))));
    loading.push(known === undefined ? await takeDocker(files, intake, entry, names) : { ...known, names });
  }
  if (loading.length === 0) throw invalidImage(files.shown, 'its list of images is empty');
  return loading;
}

async function takeDocker(files: InputFiles, intake: Intake, entry: DockerEntry, names: readonly string[]): Promise<Loading> {
  const image = await takeDockerImage(files, intake, entry);
  return { target: image.manifest, images: [image], names };
}

function withName(loading: readonly Loading[], name: string, { shown }: InputFiles): readonly Loading[] {
  const [first, ...more] = loading;
  if (first === undefined || more.some(({ target }) => target.digest !== first.target.digest)) {
    throw new OperatorError('USAGE', `${shown} holds several images, so that none can be given the name ${name}`);
  }
  return [...loading, { ...first, names: [name] }];
}

function register(store: Store, loading: readonly Loading[]): readonly LoadedImage[] {
  const loaded = new Map<Digest, Set<string>>();
  for (const { images, names } of loading) {
    for (const { id, manifest, layers } of images) {
      for (const layer of layers) registerLayer(store, layer);
      store.images.put(id, manifest);
      loaded.set(id, new Set([...(loaded.get(id) ?? []), ...names]));
    }
  }
  for (const { target, names } of loading) for (const name of names) store.names.set(name, target);
  return [...loaded].map(([id, names]) => ({ id, names: [...names] }));
}

/** A layer that is there in some form keeps it: builds may be reading it. */
function registerLayer(store: Store, record: TakenImage['layers'][number]): void {
  const old = store.layers.get(record.diffId);
  const hasBlob = old?.blob !== undefined && store.blobs.has(old.blob.digest);
  store.layers.set(record.diffId, { ...old, ...record, ...(hasBlob && old?.blob ? { blob: old.blob } : {}) });
}
