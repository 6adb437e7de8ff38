import type { CacheMiss, CacheQuery } from '@strake/api';
import { changeText } from '@strake/api';
import type { StepRecord } from './cache-record';
import { keyChanges } from './key-changes';

const SHOWN = 3;

/** Says how a key differs from the one that the step was built with last: as data, and in a person's words. */
export function explainMiss({ key, vertex }: Pick<CacheQuery, 'key' | 'vertex'>, last: StepRecord | undefined): CacheMiss {
  if (last === undefined) return { reason: 'never built' };
  const changes = keyChanges(key.parts, vertex.note, last);
  const against = { at: Date.parse(last.at), ...(last.build === undefined ? {} : { build: last.build }) };
  if (changes.length === 0) return { reason: 'built before, but not kept', against };
  // A changed parent changes everything after it: what the step changed itself is worth reading first.
  const own = changes.filter(({ what }) => what !== 'step');
  const reason = own.length === 0 ? 'it stands on another state than when it was built last' : list(own.map(changeText));
  return { reason, changes, against };
}

function list(reasons: readonly string[]): string {
  const rest = reasons.length - SHOWN;
  return reasons.slice(0, SHOWN).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
