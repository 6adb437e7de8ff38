import { createHash } from 'node:crypto';

/** Twelve hex digits of a digest, as Docker shows IDs. */
export function shortId(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12);
}

/** Twelve hex digits that stand for what is given: steps have no image of their own, but clients expect something that names each. */
export function idOf(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
}
