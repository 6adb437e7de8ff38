import type { Descriptor, Digest } from '@strake/api';
import { OperatorError } from '@strake/api';
import { isDigest } from '../digest';
import { MEDIA_TYPES, retyped } from '../image/media-types';
import { isObject, parseDescriptor, parseObject } from '../image/read-manifest';
import { MAX_JSON_BYTES } from '../load/input-files';
import { CACHE_VERSION, type CacheDocument, type CachedLayer, type CachedRecord, type CachedState } from './cache-document';

/** More than any overlay can stack. */
const MOST_HEIGHT = 500;
const MOST_ENTRIES = 100_000;
const LAYER_TYPES: readonly string[] = [MEDIA_TYPES.layer, MEDIA_TYPES.layerGzip, MEDIA_TYPES.layerZstd];

type Fields = Readonly<Record<string, unknown>>;

/** Reads a cache document from bytes that nobody has checked; `what` names it. Throws IMAGE_INVALID; UNSUPPORTED for another version. */
export function parseCacheDocument(bytes: Buffer, what: string): CacheDocument {
  if (bytes.length > MAX_JSON_BYTES) throw new OperatorError('IMAGE_INVALID', `${what} has ${bytes.length} bytes, more than the ${MAX_JSON_BYTES} that are read`);
  const value = parseObject(bytes, what);
  if (value['version'] !== CACHE_VERSION) throw new OperatorError('UNSUPPORTED', `${what} is a cache of version ${shown(value['version'])}; this strake reads version ${CACHE_VERSION}`);
  const reader = new Reader(what);
  const layers = reader.list(value, 'layers').map((one) => reader.layer(one));
  const states = reader.states(reader.list(value, 'states'), layers.length);
  const records = reader.list(value, 'records').map((one) => reader.record(one, states.length));
  return { layers, states, records };
}

class Reader {
  readonly #what: string;

  constructor(what: string) {
    this.#what = what;
  }

  list(value: Fields, name: string): readonly Fields[] {
    const list = value[name];
    if (!Array.isArray(list) || list.length > MOST_ENTRIES || !list.every(isObject)) throw this.#invalid(`no valid list of ${name}`);
    return list;
  }

  layer({ diffId, blob, size }: Fields): CachedLayer {
    return { diffId: this.#digest(diffId), ...(blob === undefined ? {} : { blob: this.#blob(blob) }), ...(size === undefined ? {} : { size: this.#number(size, Number.MAX_SAFE_INTEGER) }) };
  }

  /** Each stands on one before it, so there are no circles; none is higher than what can be mounted. */
  states(list: readonly Fields[], layers: number): readonly CachedState[] {
    const heights: number[] = [];
    return list.map(({ layer, on, created }, at) => {
      const below = on === undefined ? undefined : this.#number(on, at - 1);
      const height = 1 + (below === undefined ? 0 : (heights[below] ?? 0));
      if (height > MOST_HEIGHT) throw this.#invalid(`a state of more than ${MOST_HEIGHT} layers`);
      heights.push(height);
      return { layer: this.#number(layer, layers - 1), ...(below === undefined ? {} : { on: below }), ...this.#time(created) };
    });
  }

  record({ key, identity, created, state }: Fields, states: number): CachedRecord {
    return { key: this.#digest(key), identity: this.#digest(identity), ...this.#time(created), ...(state === undefined ? {} : { state: this.#number(state, states - 1) }) };
  }

  #blob(value: unknown): Descriptor {
    const { mediaType, digest, size } = parseDescriptor(value, this.#what);
    const type = retyped(mediaType, false);
    if (!LAYER_TYPES.includes(type)) throw this.#invalid(`a layer of the type ${shown(mediaType)}`);
    return { mediaType: type, digest, size };
  }

  #digest(value: unknown): Digest {
    if (isDigest(value)) return value;
    throw this.#invalid(`the invalid digest ${shown(value)}`);
  }

  #number(value: unknown, most: number): number {
    if (Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most) return value as number;
    throw this.#invalid(`the number ${shown(value)} where one from 0 to ${most} must be`);
  }

  #time(value: unknown): { readonly created?: string } {
    if (value === undefined) return {};
    if (typeof value === 'string' && value.length < 40 && /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value))) return { created: value };
    throw this.#invalid(`the invalid time ${shown(value)}`);
  }

  #invalid(problem: string): OperatorError {
    return new OperatorError('IMAGE_INVALID', `${this.#what} is no valid cache: it has ${problem}`);
  }
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'undefined').slice(0, 100);
}
