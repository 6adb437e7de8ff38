import { OperatorError, type Descriptor } from '@strake/api';
import { loadImages, readImage, type Store } from '@strake/oci';
import type { NamedImage } from './named-image';
import { entryOf, parseLayout } from './parse-layout';

/** What layouts are read with. */
export interface LayoutParts {
  readonly store: Store;
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/** Loads the image of `PATH[:TAG][@DIGEST]`: that of the tag or digest, else the only one, else `latest`. Throws IMAGE_MISSING, IMAGE_INVALID, REFERENCE_INVALID. */
export async function layoutImage(text: string, shown: string, { store, cwd, signal }: LayoutParts): Promise<NamedImage> {
  const layout = parseLayout(text, cwd);
  let chosen: Descriptor | undefined;
  const choose = (entries: readonly Descriptor[]): Descriptor => (chosen = entryOf(entries, layout));
  const loaded = await loadImages(store, layout.path, { names: false, choose, signal });
  const target = chosen;
  if (target !== undefined) return { shown, reference: (platform) => readImage(store, target, platform, text).configDescriptor.digest };
  // Docker's own archives have no index to choose from.
  const [image, ...more] = loaded;
  if (image !== undefined && more.length === 0 && layout.tag === undefined && layout.digest === undefined) return { shown, reference: () => image.id };
  throw new OperatorError('IMAGE_INVALID', `${layout.path} is no OCI image layout of one image`, { hint: 'Make one, for example with skopeo copy.' });
}
