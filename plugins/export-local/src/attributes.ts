import { OperatorError, type ExportPlan } from '@strake/api';
import { AttributeReader } from '@strake/oci';
import { realpathSync, statSync } from 'node:fs';
import { sep } from 'node:path';

/** What `--output type=local,…` takes. */
export interface LocalAttributes {
  readonly destination: string;
  /** `delete` takes away what the result does not have. */
  readonly mode: 'copy' | 'delete';
  /** Whether each platform gets a folder; undefined where only several do. */
  readonly platformSplit: boolean | undefined;
}

/** Reads the attributes of an export to a folder. Throws USAGE, UNSUPPORTED. */
export function readLocalAttributes(attributes: Readonly<Record<string, string>>): LocalAttributes {
  const reader = new AttributeReader('local', attributes);
  const destination = reader.text('dest') ?? '';
  const mode = reader.choice('mode', ['copy', 'delete']) ?? 'copy';
  const platformSplit = reader.flag('platform-split');
  reader.refuse('attestation-prefix', { because: 'Attestations are not made yet.' });
  reader.refuse('source-date-epoch', { because: 'Give the whole build one: --build-arg SOURCE_DATE_EPOCH=SECONDS.' });
  reader.finish();
  if (destination === '' || destination === '-') throw new OperatorError('USAGE', '--output type=local needs a folder', { hint: 'Name it: type=local,dest=FOLDER' });
  return { destination, mode, platformSplit };
}

/** All that can be refused before anything runs. Throws USAGE, UNSUPPORTED. */
export function checkLocalAttributes(attributes: Readonly<Record<string, string>>, plan?: ExportPlan): void {
  const { destination, mode } = readLocalAttributes(attributes);
  const there = statSync(destination, { throwIfNoEntry: false });
  if (there !== undefined && !there.isDirectory()) throw new OperatorError('USAGE', `--output type=local: ${destination} is a file`, { hint: 'Name a folder.' });
  if (mode === 'delete' && plan?.cwd !== undefined && there !== undefined && !isBelow(realpathSync(destination), realpathSync(plan.cwd))) {
    throw new OperatorError('USAGE', `--output type=local,mode=delete would delete files outside the working directory, in ${destination}`, { hint: 'Name a folder below the working directory.' });
  }
}

const isBelow = (path: string, folder: string): boolean => path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
