import { OperatorError, type Image } from '@strake/api';
import { makeImage } from '@strake/oci';
import { Readable } from 'node:stream';
import { EngineError, type EngineClient } from '../engine';
import type { Composed, ImageParts } from './compose-image';
import type { LayerBlobs } from './layer-blobs';
import { layoutArchive, layoutWithLayer } from './layout-archive';

/** In an engine with the store of containerd: a manifest names the blobs of the layers, and they need not be brought. The manifest stands for the image there. */
export async function composeOfBlobs(parts: ImageParts, blobs: LayerBlobs, client: EngineClient, signal: AbortSignal): Promise<Composed> {
  const image = await imageOf(parts, blobs);
  const composed = await compose(image, parts, client, signal);
  if (composed !== undefined) return composed;
  // What was remembered of blobs is no longer so.
  blobs.forget(parts.layers);
  const again = await compose(await imageOf(parts, blobs), parts, client, signal);
  if (again !== undefined) return again;
  throw new OperatorError('ENGINE_FAILED', `the engine does not have all blobs of the image ${parts.from?.Id ?? ''}`, { hint: 'Something else removed them: pull or load the base image again.' });
}

/** The image with the blobs that the engine has for its layers. */
async function imageOf({ config, history, layers, from, highest }: ImageParts, blobs: LayerBlobs): Promise<Image> {
  const found = await blobs.of(layers, from, highest);
  const open = (): Readable => Readable.from([]);
  const made = makeImage({ config, history, layers: found.map((descriptor, at) => ({ descriptor, diffId: layers[at] ?? descriptor.digest, open })) });
  return { ...made, id: made.manifest.digest, layers: [] };
}

/** Undefined, and nothing is left, where the engine lacks a blob. */
async function compose(image: Image, { from, highest }: ImageParts, { images }: EngineClient, signal: AbortSignal): Promise<Composed | undefined> {
  const id = image.manifest.digest;
  const known = from?.Id === id ? from : await images.inspect(id, signal);
  if (known !== undefined) return { made: known, image };
  const drop = (): Promise<unknown> => images.remove(id, { prune: false }).catch(() => undefined);
  try {
    await images.load(highest === undefined ? layoutArchive(image) : Readable.from(layoutWithLayer(image, highest)), signal).catch(unlessThere);
    const [made, manifests] = await Promise.all([images.inspect(id, signal), images.manifests(id, signal)]);
    if (made !== undefined && manifests.some(({ Available }) => Available)) return { made, image };
  } catch (error) {
    await drop();
    throw error;
  }
  await drop();
  return undefined;
}

/** Somebody has made the same image at the same time. */
function unlessThere(error: unknown): void {
  if (!(error instanceof EngineError && /already exists/.test(error.said))) throw error;
}
