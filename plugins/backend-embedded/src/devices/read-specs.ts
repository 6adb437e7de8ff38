import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '@strake/api';
import type * as Yaml from 'yaml';
import type { CdiSpec } from './cdi-spec';

/** Where machines keep them (CDI specification): what is installed, and what is made while it runs. */
export const CDI_FOLDERS: readonly string[] = ['/etc/cdi', '/var/run/cdi'];

/** All specifications of some folders, in order. Folders that are not there are empty. Throws CONFIG_INVALID for a file that is none. */
export function readSpecs(folders: readonly string[]): readonly CdiSpec[] {
  return folders.flatMap((folder) => filesOf(folder).map((name) => readSpec(join(folder, name))));
}

function filesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => /\.(json|ya?ml)$/.test(name)).sort();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

function readSpec(file: string): CdiSpec {
  const text = readFileSync(file, 'utf8');
  try {
    const spec = (file.endsWith('.json') ? JSON.parse(text) : yaml().parse(text)) as Partial<CdiSpec> | null;
    if (typeof spec?.kind === 'string' && Array.isArray(spec.devices)) return spec as CdiSpec;
  } catch (error) {
    throw invalid(file, error);
  }
  throw invalid(file);
}

function invalid(file: string, cause?: unknown): OperatorError {
  return new OperatorError('CONFIG_INVALID', `${file} is no specification of devices (CDI)`, { hint: 'mend or remove it', ...(cause === undefined ? {} : { cause }) });
}

/** Only builds with devices need it. */
// eslint-disable-next-line @typescript-eslint/no-require-imports
const yaml = (): typeof Yaml => require('yaml') as typeof Yaml;
