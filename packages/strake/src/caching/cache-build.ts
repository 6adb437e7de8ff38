import type { BuildGraph, CacheBuild } from '@strake/api';
import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import type { BuildOptions } from '../build/build-options';

const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

/** What a cache strategy is told of a build: an id of its own, and what is built. */
export function cacheBuild({ context = '.' }: BuildOptions, cwd: string, { vertices }: Pick<BuildGraph, 'vertices'>): CacheBuild {
  const id = Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  // Addresses may hold credentials, and other contexts have no place.
  return { id, project: typeof context === 'string' && !context.includes('://') ? resolve(cwd, context) : '', steps: vertices.map(({ note }) => note) };
}
