import type { BuilderConfig } from '../builder-config';
import type { GarbagePolicy } from '../caches/cache-types';
import type { RegistriesConfig } from '@strake/registry';
import { cacheOptions } from './cache-place-shape';
import { lockMode, pullPolicy } from './base-image-shapes';
import { anything, callable, count, fields, formOf, isObject, kind, listOf, oneOf, recordOf, text, texts, withMethods, type Shape } from './shape';

const cache: Shape = formOf('a name, a function, or an object with rules or tiers', (value) => {
  if (typeof value === 'string' || typeof value === 'function') return anything;
  if (!isObject(value)) return undefined;
  if ('tiers' in value) return fields({ tiers: listOf(cache) });
  return 'rules' in value ? fields({ rules: listOf(kind('an object with use', (rule) => isObject(rule) && 'use' in rule)), otherwise: cache }) : undefined;
});

const registries = fields({
  insecure: texts, mirrors: recordOf(texts), certificates: recordOf(text), certificateFolders: texts,
  parallel: count, attempts: count, chunkSize: count,
} satisfies Readonly<Record<keyof RegistriesConfig, Shape>>);

const space = kind('a number or text', (value) => typeof value === 'number' || typeof value === 'string');

/** What is said elsewhere is not said here: what plugins are, and which names there are. */
const shapes = {
  store: kind('the path of a folder', (value) => typeof value === 'string' && value !== ''),
  plugins: listOf(anything),
  syntax: listOf(fields({ image: text, use: formOf('"ignore", "refuse" or a list of plugins', (value) => (Array.isArray(value) ? anything : oneOf('ignore', 'refuse'))) }, ['image', 'use'])),
  backend: kind('a name or a function', (value) => typeof value === 'string' || typeof value === 'function'),
  backendOptions: recordOf(text),
  cache,
  cacheFrom: cacheOptions,
  cacheTo: cacheOptions,
  cachePlaces: listOf(kind('an object with type and from or to', (value) => isObject(value) && typeof value['type'] === 'string' && ('from' in value || 'to' in value))),
  exporters: listOf(withMethods('check', 'export')),
  sources: listOf(withMethods('check', 'resolve', 'fetch')),
  registries,
  credentials: callable,
  logger: withMethods('debug', 'info', 'warn', 'error'),
  parallelism: anything,
  pull: pullPolicy,
  lock: lockMode,
  garbage: fields({ reservedSpace: space, maxUsedSpace: space, minFreeSpace: space, keepDuration: space } satisfies Readonly<Record<keyof GarbagePolicy, Shape>>),
  cwd: text,
  env: recordOf(text),
} satisfies Readonly<Record<keyof BuilderConfig, Shape>>;

/** The configuration of a builder. */
export const configShape: Shape = fields(shapes);
