import type { Descriptor, Digest } from '@strake/api';
import { OperatorError } from '@strake/api';
import { isObject, parseConfig, parseObject, type Manifest } from '../image/read-manifest';
import { CACHE_VERSION, type CachedState } from './cache-document';
import { foreignCache } from './foreign-cache';

/** The field of an image config that has its inline cache. */
export const INLINE_CACHE_FIELD = 'strake.cache.v1';

/** What an image says of the steps that it was built by. */
export interface InlineRecord {
  readonly key: Digest;
  readonly identity: Digest;
  /** RFC 3339. */
  readonly created?: string;
  /** How many of the image's layers its state consists of; absent where only the identity is known. */
  readonly layers?: number;
}

/** What goes into the field. */
export function inlineCache(records: readonly InlineRecord[]): Readonly<Record<string, unknown>> {
  return { version: CACHE_VERSION, records };
}

/**
 * The document that an image's inline cache amounts to, as unverified bytes: the layers are the image's own. Undefined where it has none. Throws
 * IMAGE_INVALID; UNSUPPORTED where another builder's cache is in its place.
 */
export function inlineDocument({ layers: descriptors }: Manifest, config: Buffer, shown: string): Buffer | undefined {
  const fields = parseObject(config, shown);
  const inline = fields[INLINE_CACHE_FIELD];
  if (inline === undefined) {
    if (fields['moby.buildkit.cache.v0'] === undefined) return undefined;
    throw foreignCache(shown, "BuildKit's inline cache");
  }
  const { rootfs, history } = parseConfig(config, shown);
  const { diff_ids: diffIds } = rootfs;
  if (!isObject(inline) || !Array.isArray(inline['records']) || diffIds.length !== descriptors.length) throw new OperatorError('IMAGE_INVALID', `${shown} has an invalid inline cache`);
  const times = history.filter((entry) => entry.empty_layer !== true).map(({ created }) => created);
  const layers = diffIds.map((diffId, at) => ({ diffId, blob: descriptors[at] as Descriptor }));
  const states = diffIds.map((_, layer): CachedState => ({ layer, ...(layer === 0 ? {} : { on: layer - 1 }), ...(times.length === diffIds.length && times[layer] !== undefined ? { created: times[layer] } : {}) }));
  const records = (inline['records'] as readonly unknown[]).map((record) => (isObject(record) ? documentRecord(record) : record));
  return Buffer.from(JSON.stringify({ version: inline['version'], layers, states, records }));
}

/** A number of layers is the number, from 0, of the state on top of them. */
function documentRecord({ layers, ...record }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { ...record, ...(layers === undefined ? {} : { state: typeof layers === 'number' ? layers - 1 : layers }) };
}
