import type { Vertex } from '@strake/api';

/** What an instruction asks for that is in no digest. */
export type Wishes = Pick<Vertex, 'reuse' | 'attempts'>;

/** Two instructions that are one vertex: of what they ask for, what suits both. Absent fields stay absent. */
export function stricter(left: Wishes, right: Wishes): Wishes {
  const never = left.reuse?.never ?? right.reuse?.never;
  const ttl = least(left.reuse?.ttl, right.reuse?.ttl);
  const timeout = least(left.attempts?.timeout, right.attempts?.timeout);
  const retries = Math.max(left.attempts?.retries ?? 0, right.attempts?.retries ?? 0);
  const reuse = { ...(never === undefined ? {} : { never }), ...(ttl === undefined ? {} : { ttl }) };
  const attempts = { ...(timeout === undefined ? {} : { timeout }), ...(retries > 0 ? { retries } : {}) };
  return { ...(Object.keys(reuse).length > 0 ? { reuse } : {}), ...(Object.keys(attempts).length > 0 ? { attempts } : {}) };
}

function least(left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined || right === undefined ? (left ?? right) : Math.min(left, right);
}
