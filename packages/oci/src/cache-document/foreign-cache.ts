import { OperatorError } from '@strake/api';

const BUILDKIT = 'application/vnd.buildkit.cacheconfig.v0';

/** Says that another builder's cache is there, whose keys nobody else can know. */
export function foreignCache(shown: string, kind: string): OperatorError {
  return new OperatorError('UNSUPPORTED', `${shown} has ${kind}: its keys are those of another builder, and nothing in it can be found`, {
    hint: 'Write a cache of strake with --cache-to, under a name of its own.',
  });
}

/** Of a manifest whose config is neither a cache nor that of an image. */
export function otherConfig(mediaType: string, shown: string): OperatorError {
  if (mediaType === BUILDKIT) return foreignCache(shown, 'a cache of BuildKit');
  return new OperatorError('UNSUPPORTED', `${shown} is no cache of strake but has the type ${JSON.stringify(mediaType.slice(0, 100))}`);
}

/** Refuses BuildKit's older form of a cache: an index that lists layers and a config. Throws UNSUPPORTED. */
export function requireKnown(mediaType: string, shown: string): void {
  if (mediaType === BUILDKIT) throw foreignCache(shown, 'a cache of BuildKit');
}
