import type { Descriptor } from '@strake/api';
import { OperatorError } from '@strake/api';
import { digestOf, folderFiles, hexOf, isIndex, MAX_JSON_BYTES, MEDIA_TYPES, parseManifest, readSmall, type InputFiles } from '@strake/oci';
import type { FetchedManifest } from '../repository/read-manifest';
import type { ContentSource, CountBytes } from './content';
import type { LayoutPlace } from './layout-place';
import { readVerified } from './verified';

/** An OCI image layout in a folder (image-spec image-layout.md). Nothing in it is believed before its digest is verified. */
export class LayoutSource implements ContentSource {
  readonly verifies = false;
  readonly #files: InputFiles;
  readonly #place: LayoutPlace;

  constructor(place: LayoutPlace) {
    this.#place = place;
    this.#files = folderFiles(place.folder);
  }

  async root(): Promise<FetchedManifest> {
    const bytes = await readSmall(this.#files, 'index.json');
    if (bytes === undefined) throw new OperatorError('IMAGE_MISSING', `${this.#place.folder} is no OCI image layout: index.json is missing`);
    const index = parseManifest(bytes, `${this.#place.folder}/index.json`);
    if (!isIndex(index)) throw new OperatorError('IMAGE_INVALID', `${this.#place.folder}/index.json is no index`);
    return this.manifest(this.#choose(index.manifests));
  }

  async manifest(descriptor: Descriptor): Promise<FetchedManifest> {
    const { mediaType, digest, size } = descriptor;
    return { descriptor: { mediaType, digest, size }, bytes: await this.read(descriptor) };
  }

  async *open(descriptor: Descriptor, count: CountBytes): AsyncGenerator<Buffer, void, undefined> {
    const path = `blobs/sha256/${hexOf(descriptor.digest)}`;
    if (this.#files.size(path) === undefined) throw new OperatorError('IMAGE_INVALID', `${this.#place.folder} lacks ${descriptor.digest}`, { hint: 'A layout of some platforms only is copied with --platform.' });
    let current = 0;
    for await (const chunk of this.#files.open(path)) {
      yield chunk;
      count((current += chunk.length));
    }
  }

  read(descriptor: Descriptor): Promise<Buffer> {
    return readVerified(this.open(descriptor, () => undefined), descriptor, MAX_JSON_BYTES);
  }

  origins(): readonly string[] {
    return [];
  }

  close(): void {
    // Files are closed when they are read.
  }

  #choose(entries: readonly Descriptor[]): Descriptor {
    const { tag, digest, folder } = this.#place;
    const fitting = entries.filter((one) => (digest === undefined || one.digest === digest) && (tag === undefined || tagsOf(one).includes(tag)));
    const [only, ...more] = [...new Map(fitting.map((one) => [one.digest, one])).values()];
    if (only !== undefined && more.length === 0) return only;
    const names = entries.map((one) => tagsOf(one)[0] ?? one.digest).join(', ');
    const what = only === undefined ? `has no image ${digest ?? tag ?? ''}` : `has ${more.length + 1} images`;
    throw new OperatorError('IMAGE_MISSING', `${folder} ${what}`, { hint: names === '' ? 'It is empty.' : `Name one: ${names}.` });
  }
}

function tagsOf({ annotations }: Descriptor): readonly string[] {
  const whole = annotations?.['io.containerd.image.name'];
  const named = annotations?.['org.opencontainers.image.ref.name'];
  return [named, whole, whole?.replace(/^.*:/, '')].filter((one) => one !== undefined);
}

/** An index of one image under a tag. */
export function layoutIndex(entries: readonly Descriptor[]): Buffer {
  return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPES.index, manifests: entries }));
}

/** The descriptor of bytes. */
export function describe(mediaType: string, bytes: Buffer): Descriptor {
  return { mediaType, digest: digestOf(bytes), size: bytes.length };
}
