import type { PullPolicy } from '@strake/api';
import { oneOf } from './shape';

const PULLS = { always: true, missing: true, newer: true, never: true } satisfies Readonly<Record<PullPolicy, true>>;

/** When base images are pulled. */
export const pullPolicy = oneOf(...Object.keys(PULLS));

/** How `strake.lock` is used. */
export const lockMode = oneOf(true, false, 'update', 'frozen');
