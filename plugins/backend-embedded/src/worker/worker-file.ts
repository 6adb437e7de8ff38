import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InternalError } from '@strake/api';

/** Beside a bundled program; or compiled in this package, whether this module runs from `dist` or from `src`. */
const PLACES = [join(__dirname, 'worker.js'), join(__dirname, '..', '..', 'dist', 'worker.js')];

/** The file that a thread starts with: plain JavaScript in every layout. Throws INTERNAL when it was not built. */
export function workerFile(): string {
  const file = PLACES.find(existsSync);
  if (file === undefined) throw new InternalError(`there is no ${PLACES.join(' and no ')}`, { hint: 'npm run build' });
  return file;
}
