import type { BuildContext } from '@strake/api';
import { OperatorError } from '@strake/api';
import type { Store } from '@strake/oci';
import { loadImages } from '@strake/oci';
import { resolve } from 'node:path';
import { openContext } from './open-context';

/** `--build-context`: directories to copy from, and images that take the place of a name. */
export interface NamedContexts {
  readonly directories: ReadonlyMap<string, BuildContext>;
  /** From the name to an image ID in the store. */
  readonly images: ReadonlyMap<string, string>;
}

/** Opens named contexts: a directory's path, or `oci-layout://PATH`. Throws USAGE, CONTEXT_MISSING, IMAGE_INVALID. */
export async function namedContexts(
  wanted: Readonly<Record<string, string>>,
  { store, cwd, signal }: { readonly store: Store; readonly cwd: string; readonly signal: AbortSignal },
): Promise<NamedContexts> {
  const directories = new Map<string, BuildContext>();
  const images = new Map<string, string>();
  for (const [name, value] of Object.entries(wanted)) {
    const [scheme, path] = split(value);
    if (scheme === undefined) directories.set(name, openContext(resolve(cwd, path), { name: value, store, signal })());
    else if (scheme === 'oci-layout') images.set(name, await loadLayout(store, resolve(cwd, path), value));
    else throw new OperatorError('USAGE', `--build-context ${name}=${value}: ${scheme}:// is not supported yet`, { hint: 'Use a directory or oci-layout://PATH.' });
  }
  return { directories, images };
}

function split(value: string): readonly [scheme: string | undefined, path: string] {
  const match = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/.exec(value);
  return match ? [match[1], match[2] ?? ''] : [undefined, value];
}

async function loadLayout(store: Store, path: string, value: string): Promise<string> {
  const [image, ...more] = await loadImages(store, path, { names: false });
  if (!image || more.length > 0) {
    throw new OperatorError('IMAGE_INVALID', `${value} holds ${more.length + (image ? 1 : 0)} images, not one`, { hint: 'Make a layout of one image, for example with skopeo copy.' });
  }
  return image.id;
}
