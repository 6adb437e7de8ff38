import type { Descriptor, Digest } from '@strake/api';
import { hexOf } from '../digest';
import { isForImages } from '../image/choose-platform';
import { isIndex, parseManifest, type Index, type Manifest } from '../image/read-manifest';
import { requireSmall, type InputFiles } from './input-files';
import type { Intake, TakenImage } from './intake';

/** One entry of a layout's index, taken: what it names, and the images in that. */
export interface TakenEntry {
  /** As the index has it, with annotations. */
  readonly entry: Descriptor;
  /** What a name of it stands for: an index when it has several images. */
  readonly target: Descriptor;
  readonly images: readonly TakenImage[];
}

const MAX_DEPTH = 4;

/** Takes all images of an OCI image layout (image-spec image-layout.md), or the one that `choose` picks. Throws IMAGE_INVALID and what that throws. */
export async function takeLayout(files: InputFiles, intake: Intake, choose?: (entries: readonly Descriptor[]) => Descriptor): Promise<readonly TakenEntry[]> {
  const index = parseManifest(await requireSmall(files, 'index.json'), `${files.shown}: index.json`);
  if (!isIndex(index)) throw intake.invalid('index.json is no index');
  const walk = new LayoutWalk(files, intake);
  const taken: TakenEntry[] = [];
  const entries = index.manifests.filter(isForImages);
  for (const entry of choose === undefined ? entries : [choose(entries)]) taken.push({ entry, ...(await walk.take(entry, 0)) });
  return taken;
}

type Taken = Omit<TakenEntry, 'entry'>;

/** Goes down from the index. What is named more than once, perhaps very often, is taken once. */
class LayoutWalk {
  readonly #files: InputFiles;
  readonly #intake: Intake;
  readonly #taken = new Map<Digest, Taken>();

  constructor(files: InputFiles, intake: Intake) {
    this.#files = files;
    this.#intake = intake;
  }

  async take(descriptor: Descriptor, depth: number): Promise<Taken> {
    if (depth > MAX_DEPTH) throw this.#intake.invalid('its indexes are nested too deeply');
    const { digest, mediaType, size } = descriptor;
    const known = this.#taken.get(digest);
    if (known !== undefined) return known;
    const bytes = await this.#keep(descriptor);
    const manifest = parseManifest(bytes, `the manifest ${digest}`);
    const own: Descriptor = { mediaType, digest, size };
    const taken = isIndex(manifest) ? await this.#index(own, manifest, depth) : { target: own, images: [await this.#image(own, manifest)] };
    this.#taken.set(digest, taken);
    return taken;
  }

  async #image(own: Descriptor, { config, layers }: Manifest): Promise<TakenImage> {
    const bytes = await this.#keep(config);
    const records = await this.#intake.layers(bytes, layers.map((layer) => ({ path: blobPath(layer), descriptor: layer })));
    return { id: config.digest, manifest: own, layers: records };
  }

  /** Platforms that are not in the layout are passed over, as where a builder has saved only its own; one at least must be there. */
  async #index(own: Descriptor, { manifests }: Index, depth: number): Promise<Taken> {
    const images = new Map<Digest, TakenImage>();
    for (const child of manifests) {
      if (!isForImages(child) || this.#files.size(blobPath(child)) === undefined) continue;
      for (const image of (await this.take(child, depth + 1)).images) images.set(image.manifest.digest, image);
    }
    const [only, ...more] = images.values();
    if (only === undefined) throw this.#intake.invalid(`the index ${own.digest} has no image that is in it`);
    return { target: more.length === 0 ? only.manifest : own, images: [only, ...more] };
  }

  async #keep(descriptor: Descriptor): Promise<Buffer> {
    const bytes = await requireSmall(this.#files, blobPath(descriptor));
    this.#intake.keep(bytes, descriptor);
    return bytes;
  }
}

function blobPath({ digest }: Descriptor): string {
  return `blobs/sha256/${hexOf(digest)}`;
}
