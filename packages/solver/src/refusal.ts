import { ageText, type CacheResult, type Vertex } from '@strake/api';

/**
 * Why an instruction does not want what was built before, or undefined: without a result, because it never does; with one, because
 * that is too old. `now` is in milliseconds since 1970.
 */
export function refusal({ reuse }: Vertex, result?: CacheResult, now = 0): string | undefined {
  if (reuse?.never === true) return 'the instruction is never cached';
  if (result === undefined || reuse?.ttl === undefined) return undefined;
  if (result.created === undefined) return 'the cache does not say how old it is';
  const seconds = Math.floor((now - result.created) / 1000);
  return seconds > reuse.ttl ? `made ${ageText(seconds)} ago, which is more than ${ageText(reuse.ttl)}` : undefined;
}
