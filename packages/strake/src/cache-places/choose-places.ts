import { OperatorError, suggest, type Backend, type CacheDirection, type CachePlaceOptions, type CachePlaceType, type CacheReader, type CacheStrategy, type CacheWriter } from '@strake/api';
import { COMMON_ATTRIBUTES, readCacheExport, type CacheTarget } from '@strake/cache-remote';
import type { BuildOptions } from '../build/build-options';
import { readCacheOption, type WrittenPlace } from './cache-option';

/** The places of a build's caches outside the store. */
export interface ChosenPlaces {
  readonly from: readonly CacheReader[];
  readonly to: readonly CacheTarget[];
  /** Whether the images of the results have their cache in them. */
  readonly inline: boolean;
}

/** What places are chosen with. */
export interface PlaceParts extends CachePlaceOptions {
  readonly types: readonly CachePlaceType[];
  readonly backend: Pick<Backend, 'capabilities' | 'name'>;
  readonly cache: Pick<CacheStrategy, 'name' | 'steps'>;
}

const NONE: ChosenPlaces = { from: [], to: [], inline: false };

/** Opens the places of `--cache-from` and `--cache-to`, and refuses what cannot be. Asks nobody. Throws USAGE, UNSUPPORTED, REFERENCE_INVALID. */
export function choosePlaces(options: BuildOptions, parts: PlaceParts): ChosenPlaces {
  const { cacheFrom = [], cacheTo = [] } = options;
  // A strategy that builds by itself reads the histories of images.
  if (parts.cache.steps !== undefined) return refuseExports(cacheTo, parts.cache.name);
  if (cacheFrom.length + cacheTo.length === 0) return NONE;
  const written = { from: cacheFrom.map((one) => readCacheOption('--cache-from', one)), to: cacheTo.map((one) => readCacheOption('--cache-to', one)) };
  const inline = written.to.filter(({ type }) => type === 'inline').map(checkInline).length > 0;
  if (inline && options.squash === true) throw new OperatorError('UNSUPPORTED', '--cache-to type=inline: a squashed image has no layers of its steps', { hint: 'Write the cache to a place of its own.' });
  const from = written.from.map((place) => openReader(place, parts));
  const to = written.to.filter(({ type }) => type !== 'inline').map((place) => openTarget(place, parts));
  if (options.offline === true) refuseNetwork([...written.from, ...written.to], parts.types);
  if (parts.backend.capabilities.restores !== true) {
    throw new OperatorError('UNSUPPORTED', `the backend cannot take part in caches outside the store, which ${cacheFrom.length > 0 ? '--cache-from' : '--cache-to'} names`, { hint: 'Use the embedded backend.' });
  }
  return { from, to, inline };
}

function refuseExports(cacheTo: readonly unknown[], name: string): ChosenPlaces {
  if (cacheTo.length === 0) return NONE;
  throw new OperatorError('UNSUPPORTED', `--cache-to cannot be used with the cache "${name}"`, { hint: 'Leave out --cache: the default one can be written to places outside the store.' });
}

function checkInline({ attributes }: WrittenPlace): void {
  if (attributes['mode'] !== undefined && attributes['mode'] !== 'min') throw new OperatorError('UNSUPPORTED', `--cache-to type=inline: mode=${attributes['mode']} is not supported`, { hint: 'An image has its own layers alone: write a cache with mode=max to a place of its own.' });
  refuseUnknown('--cache-to', 'inline', attributes, ['mode']);
}

function openReader({ type, attributes }: WrittenPlace, parts: PlaceParts): CacheReader {
  if (type === 'inline') throw new OperatorError('USAGE', '--cache-from type=inline names no image', { hint: 'Write --cache-from type=registry,ref=IMAGE.' });
  const direction = directionOf('--cache-from', type, parts.types, ({ from }) => from);
  refuseUnknown('--cache-from', type, attributes, direction.attributes);
  return direction.open(attributes, parts);
}

function openTarget({ type, attributes }: WrittenPlace, parts: PlaceParts): CacheTarget {
  const direction = directionOf('--cache-to', type, parts.types, ({ to }) => to);
  refuseUnknown('--cache-to', type, attributes, [...direction.attributes, ...COMMON_ATTRIBUTES]);
  const own = Object.fromEntries(Object.entries(attributes).filter(([name]) => direction.attributes.includes(name)));
  const writer: CacheWriter = direction.open(own, parts);
  return { ...readCacheExport(type, attributes), writer };
}

function directionOf<T>(option: string, type: string, types: readonly CachePlaceType[], of: (type: CachePlaceType) => CacheDirection<T> | undefined): CacheDirection<T> {
  const known = types.find((one) => one.type === type);
  const direction = known && of(known);
  if (direction !== undefined) return direction;
  const usable = [...types.filter((one) => of(one) !== undefined).map((one) => one.type), ...(option === '--cache-to' ? ['inline'] : [])];
  const near = suggest(type, usable);
  const message = known === undefined ? `${option}: unknown type "${type}"` : `${option}: the type "${type}" cannot be used here`;
  throw new OperatorError('USAGE', message, { hint: near === undefined ? `Known types: ${usable.join(', ')}.` : `Did you mean ${near}?` });
}

function refuseUnknown(option: string, type: string, attributes: Readonly<Record<string, string>>, known: readonly string[]): void {
  for (const name of Object.keys(attributes)) {
    if (known.includes(name)) continue;
    const near = suggest(name, known);
    throw new OperatorError('USAGE', `${option} type=${type}: unknown attribute "${name}"`, { hint: near === undefined ? `Known attributes: ${known.join(', ')}.` : `Did you mean ${near}?` });
  }
}

function refuseNetwork(places: readonly WrittenPlace[], types: readonly CachePlaceType[]): void {
  const asked = places.find(({ type }) => types.some((one) => one.type === type && one.network === true));
  if (asked !== undefined) throw new OperatorError('USAGE', `a cache of type=${asked.type} cannot be had offline`, { hint: 'Leave out --offline, or name a directory: type=local.' });
}
