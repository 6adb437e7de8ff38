import { createHash } from 'node:crypto';

/** One sum stays what it is; several become one, in their order. */
export function copySum(sums: readonly string[]): string {
  const [only] = sums;
  if (only !== undefined && sums.length === 1) return only;
  return `multi:${createHash('sha256').update(sums.join(',')).digest('hex')}`;
}
