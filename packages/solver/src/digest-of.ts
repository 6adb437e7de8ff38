import { createHash } from 'node:crypto';
import type { Digest } from '@strake/api';

/** SHA-256 of a value's JSON. Callers give lists, whose order is fixed, or data whose order of fields is. */
export function digestOf(value: unknown): Digest {
  return `sha256:${createHash('sha256').update(JSON.stringify(value)).digest('hex')}`;
}
