import type { BuildOptions } from '../build/build-options';
import { isContent } from '../input/context-input';
import { cacheOptions } from './cache-place-shape';
import { lockMode, pullPolicy } from './base-image-shapes';
import { anything, callable, count, fields, flag, formOf, isObject, kind, listOf, oneOf, recordOf, text, texts, withMethods, type Shape } from './shape';

const isBytesOrText = (value: unknown): boolean => typeof value === 'string' || value instanceof Uint8Array;
const hasMethod = (value: unknown, name: string): boolean => typeof (value as Readonly<Record<string, unknown>>)[name] === 'function';

const content = kind('a text, bytes, an async iterable, or a function that gives one', (value) => isContent(value) || typeof value === 'function');
const mode = kind('permission bits such as 0o755', (value) => Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= 0o7777);

const entry = formOf('a text, bytes, an async iterable, or an object with content, link or directory', (value) => {
  if (isContent(value)) return anything;
  if (!isObject(value)) return undefined;
  if ('link' in value) return fields({ link: text });
  if ('directory' in value) return fields({ directory: oneOf(true), mode });
  return 'content' in value ? fields({ content, mode }, ['content']) : undefined;
});

const stream = kind('a stream', (value) => isObject(value) && hasMethod(value, 'pipe'));

/** A build context of any kind. */
const context = formOf('a path, a URL, { files } or { tar }', (value) => {
  if (typeof value === 'string') return anything;
  if (!isObject(value)) return undefined;
  if ('files' in value) return fields({ files: recordOf(entry, 'an object with files by path') }, ['files']);
  return 'tar' in value ? fields({ tar: stream }, ['tar']) : undefined;
});

const secret = formOf('a function, or an object with file, env or value', (value) => {
  if (typeof value === 'function') return anything;
  if (!isObject(value) || !['file', 'env', 'value'].some((name) => name in value)) return undefined;
  return fields({ file: text, env: text, value: kind('a text or bytes', isBytesOrText) });
});

const secrets = formOf('an object with secrets by id, or one with get()', (value) => {
  if (!isObject(value)) return undefined;
  return hasMethod(value, 'get') ? anything : recordOf(secret);
});

const limits: Shape = fields({
  memory: anything, memorySwap: anything, cpuShares: anything, cpuPeriod: anything, cpuQuota: anything, shmSize: anything,
  cpusetCpus: text, cpusetMems: text, cgroupParent: text,
  ulimits: listOf(fields({ name: text, soft: anything, hard: anything }, ['name', 'soft', 'hard'])),
} satisfies Readonly<Record<keyof NonNullable<BuildOptions['limits']>, Shape>>);

/** Numbers of limits and steps are looked at where their ranges are known. */
const shapes = {
  context,
  ignore: formOf('an object with file or patterns', (value) => (!isObject(value) ? undefined : 'file' in value ? fields({ file: text }, ['file']) : fields({ patterns: texts }, ['patterns']))),
  contextLimit: count,
  dockerfile: formOf('a path, or an object with text and name', (value) => (typeof value === 'string' ? anything : isObject(value) ? fields({ text, name: text }, ['text', 'name']) : undefined)),
  tags: texts,
  buildArgs: recordOf(text, 'an object with values by name'),
  secretArgs: recordOf(text, 'an object with values by name'),
  target: text,
  allStages: flag,
  platform: text,
  platforms: texts,
  reproducible: flag,
  labels: recordOf(text, 'an object with values by name'),
  noCache: flag,
  noCacheFilter: texts,
  cacheFrom: cacheOptions,
  cacheTo: cacheOptions,
  outputs: listOf(fields({ type: text, attributes: recordOf(text) }, ['type', 'attributes'])),
  network: oneOf('default', 'none', 'host'),
  extraHosts: texts,
  limits,
  squash: flag,
  keepContainers: flag,
  buildContexts: recordOf(context, 'an object with contexts by name'),
  secrets,
  ssh: formOf('a list of agents, or an object with socket()', (value) => (Array.isArray(value) ? listOf(fields({ id: text, paths: texts }, ['id', 'paths'])) : withMethods('socket'))),
  allow: texts,
  pull: pullPolicy,
  offline: flag,
  insecureRegistries: texts,
  lock: lockMode,
  parallelism: anything,
  signal: kind('an AbortSignal', (value) => isObject(value) && hasMethod(value, 'addEventListener') && 'aborted' in value),
  onEvent: callable,
  onStepFailed: callable,
} satisfies Readonly<Record<keyof BuildOptions, Shape>>;

/** The options of a build. */
export const buildShape = fields(shapes);

/** The options of a build whose Dockerfile is to be mended. */
export const fixShape = fields({ ...shapes, changeImage: flag });
