import { OperatorError, type Descriptor } from '@strake/api';
import { isDigest, loadImages, readImage, type Store } from '@strake/oci';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { NamedImage } from './named-image';

/** What layouts are read with. */
export interface LayoutParts {
  readonly store: Store;
  readonly cwd: string;
  readonly signal: AbortSignal;
}

interface Layout {
  readonly path: string;
  readonly tag?: string;
  readonly digest?: string;
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

function parseLayout(text: string, cwd: string): Layout {
  // A colon or @ may be in a folder's name.
  if (existsSync(resolve(cwd, text))) return { path: resolve(cwd, text) };
  const [, path = '', tag, digest] = /^(.*?)(?::([\w][\w.-]{0,127}))?(?:@([^/@]*))?$/s.exec(text) ?? [];
  if (path === '') throw new OperatorError('USAGE', 'it names no folder', { hint: 'Write oci-layout://PATH[:TAG][@DIGEST].' });
  if (digest !== undefined && !isDigest(digest)) throw new OperatorError('REFERENCE_INVALID', `${digest} is no digest`);
  return { path: resolve(cwd, path), ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

function entryOf(entries: readonly Descriptor[], { tag, digest, path }: Layout): Descriptor {
  const unique = (of: readonly Descriptor[]): readonly Descriptor[] => [...new Map(of.map((one) => [one.digest, one])).values()];
  const fitting = unique(entries.filter((one) => (digest === undefined || one.digest === digest) && (tag === undefined || tagsOf(one).includes(tag))));
  const [only] = fitting.length > 1 ? unique(fitting.filter((one) => tagsOf(one).includes('latest'))) : fitting;
  if (only !== undefined) return only;
  const what = fitting.length === 0 ? `has no image ${[tag, digest].filter(Boolean).join('@')}` : `has ${fitting.length} images, none of them latest`;
  const names = entries.map((one) => tagsOf(one)[0] ?? one.digest);
  throw new OperatorError('IMAGE_MISSING', `${path} ${what}`, { hint: names.length === 0 ? 'It is empty.' : `Name one by its tag or digest: ${names.join(', ')}.` });
}

function tagsOf({ annotations }: Descriptor): readonly string[] {
  const named = annotations?.['org.opencontainers.image.ref.name'];
  const whole = annotations?.['io.containerd.image.name'];
  return [named, whole?.replace(/^.*:/, '')].filter((one) => one !== undefined);
}
