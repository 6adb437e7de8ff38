import type { Descriptor, Image } from '@strake/api';
import { OperatorError } from '@strake/api';
import { diffImages, findImage, isForImages, isIndex, loadImages, openImage, openStore, parseManifest, platformOf, type ImageDifference, type Store } from '@strake/oci';
import { formatPlatform } from '@strake/core';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { entryOf, parseLayout, type LayoutPlace } from '../named-contexts/parse-layout';

/** A difference of two images; `platform` where there are several. */
export type Difference = ImageDifference & { readonly platform?: string };

/** What comparing needs. */
export interface DiffParts {
  /** Opened only for a reference. */
  readonly store: () => Store;
  readonly cwd: string;
}

/**
 * Compares two images, each a reference of the store (`store:` may be before it), the path of an archive or a layout, or `oci-layout://PATH[:TAG][@DIGEST]`. Of several platforms those that both have are
 * compared, and one that only one has is a difference. Throws IMAGE_MISSING, IMAGE_INVALID, USAGE.
 */
export async function diff(a: string, b: string, parts: DiffParts): Promise<readonly Difference[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'strake-diff-'));
  const opened: Store[] = [];
  const open = async (place: string): Promise<ReadonlyMap<string, Image>> => {
    const layout = layoutOf(place, parts.cwd);
    if (layout === undefined) return storedImages(parts.store(), place.replace(/^store:/, ''));
    const store = openStore(join(scratch, String(opened.length)));
    opened.push(store);
    return loadedImages(store, layout, place);
  };
  try {
    return await diffAll(await open(a), await open(b));
  } finally {
    for (const store of opened) store.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Undefined for a reference of the store. A registry's image is not fetched to be looked at once. */
function layoutOf(place: string, cwd: string): LayoutPlace | undefined {
  const [, scheme, rest = ''] = /^(oci-layout:\/\/|oci:|docker:\/\/|docker-image:\/\/)?(.*)$/s.exec(place) ?? [];
  if (scheme?.startsWith('docker') === true) throw new OperatorError('USAGE', `${place} is in a registry`, { hint: `Bring it first: strake pull ${rest}` });
  if (scheme !== undefined) return parseLayout(rest, cwd);
  const path = resolve(cwd, place);
  return existsSync(path) ? { path } : undefined;
}

async function diffAll(left: ReadonlyMap<string, Image>, right: ReadonlyMap<string, Image>): Promise<readonly Difference[]> {
  const platforms = [...new Set([...left.keys(), ...right.keys()])];
  const several = platforms.length > 1;
  const differences: Difference[] = [];
  const [[, first] = [undefined, undefined]] = left;
  const [[, second] = [undefined, undefined]] = right;
  // Two single images are compared whatever they are for: the platform is a field like any other.
  if (left.size === 1 && right.size === 1 && first !== undefined && second !== undefined) return diffImages(first, second);
  for (const platform of platforms) {
    const [one, other] = [left.get(platform), right.get(platform)];
    const found = one !== undefined && other !== undefined ? await diffImages(one, other) : [onlyIn(platform, one)];
    differences.push(...found.map((difference) => (several ? { platform, ...difference } : difference)));
  }
  return differences;
}

function onlyIn(platform: string, one: Image | undefined): ImageDifference {
  return { where: 'index', field: 'platform', ...(one === undefined ? { b: platform } : { a: platform }) };
}

function storedImages(store: Store, reference: string): ReadonlyMap<string, Image> {
  const { manifest } = findImage(store, reference);
  const parsed = parseManifest(store.blobs.read(manifest.digest), `the manifest ${manifest.digest}`);
  const manifests = isIndex(parsed) ? parsed.manifests.filter((entry) => isForImages(entry) && store.blobs.has(entry.digest)) : [manifest];
  return byPlatform(manifests.map((one) => openImage(store, one)), reference);
}

async function loadedImages(store: Store, layout: LayoutPlace, shown: string): Promise<ReadonlyMap<string, Image>> {
  const isNamed = layout.tag !== undefined || layout.digest !== undefined;
  const loaded = await loadImages(store, layout.path, { names: false, ...(isNamed ? { choose: (entries: readonly Descriptor[]) => entryOf(entries, layout) } : {}) });
  return byPlatform(loaded.flatMap(({ id }) => store.images.get(id) ?? []).map(({ manifest }) => openImage(store, manifest)), shown);
}

function byPlatform(images: readonly Image[], shown: string): ReadonlyMap<string, Image> {
  const found = new Map(images.map((image) => [formatPlatform(platformOf(image)), image]));
  if (found.size === images.length && found.size > 0) return found;
  throw new OperatorError('USAGE', `${shown} holds ${images.length} images, of which more than one could be meant`, { hint: 'Name an archive of one image, or load it and name the image.' });
}
