import type { Descriptor } from '@strake/api';
import { hexOf } from '../digest';
import { isIndex, parseManifest, type Index } from '../image/read-manifest';
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

/** Takes all images of an OCI image layout (image-spec image-layout.md). Throws IMAGE_INVALID. */
export async function takeLayout(files: InputFiles, intake: Intake): Promise<readonly TakenEntry[]> {
  const index = parseManifest(await requireSmall(files, 'index.json'), `${files.shown}: index.json`);
  if (!isIndex(index)) throw intake.invalid('index.json is no index');
  const taken: TakenEntry[] = [];
  for (const entry of index.manifests.filter(isForImages)) taken.push({ entry, ...(await takeDescriptor(files, intake, entry, 0)) });
  return taken;
}

type Taken = Omit<TakenEntry, 'entry'>;

async function takeDescriptor(files: InputFiles, intake: Intake, descriptor: Descriptor, depth: number): Promise<Taken> {
  if (depth > MAX_DEPTH) throw intake.invalid('its indexes are nested too deeply');
  const { digest, mediaType, size } = descriptor;
  const bytes = await requireSmall(files, blobPath(descriptor));
  intake.keep(bytes, descriptor);
  const manifest = parseManifest(bytes, `the manifest ${digest}`);
  const own: Descriptor = { mediaType, digest, size };
  if (isIndex(manifest)) return takeIndex(files, intake, { descriptor: own, index: manifest, depth });
  const config = await requireSmall(files, blobPath(manifest.config));
  intake.keep(config, manifest.config);
  const sources = manifest.layers.map((layer) => ({ path: blobPath(layer), descriptor: layer }));
  return { target: own, images: [{ id: manifest.config.digest, manifest: own, layers: await intake.layers(config, sources) }] };
}

/** Platforms that are not in the layout are passed over, as where a builder has saved only its own; one at least must be there. */
async function takeIndex(
  files: InputFiles,
  intake: Intake,
  { descriptor, index, depth }: { readonly descriptor: Descriptor; readonly index: Index; readonly depth: number },
): Promise<Taken> {
  const present = index.manifests.filter((child) => isForImages(child) && files.size(blobPath(child)) !== undefined);
  const images: TakenImage[] = [];
  for (const child of present) images.push(...(await takeDescriptor(files, intake, child, depth + 1)).images);
  const [only, ...more] = images;
  if (only === undefined) throw intake.invalid(`the index ${descriptor.digest} has no image that is in it`);
  return { target: more.length === 0 ? only.manifest : descriptor, images };
}

/** Attestations and other artifacts lie in the same indexes. */
function isForImages({ annotations, platform, artifactType }: Descriptor & { readonly artifactType?: unknown }): boolean {
  return annotations?.['vnd.docker.reference.type'] === undefined && platform?.['os'] !== 'unknown' && artifactType === undefined;
}

function blobPath({ digest }: Descriptor): string {
  return `blobs/sha256/${hexOf(digest)}`;
}
