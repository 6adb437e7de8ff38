import { OperatorError, type ExportPlan } from '@strake/api';
import { AttributeReader, refuseTerminal } from '@strake/oci';

/** What `--output type=tar,…` takes. */
export interface TarAttributes {
  /** A path; undefined for standard output. */
  readonly destination: string | undefined;
  /** Whether each platform gets a folder; undefined where only several do. */
  readonly platformSplit: boolean | undefined;
}

/** Reads the attributes of an export as a tar. Throws USAGE, UNSUPPORTED. */
export function readTarAttributes(attributes: Readonly<Record<string, string>>): TarAttributes {
  const reader = new AttributeReader('tar', attributes);
  const dest = reader.text('dest') ?? '-';
  const platformSplit = reader.flag('platform-split');
  reader.refuse('attestation-prefix', { because: 'Attestations are not made yet.' });
  reader.refuse('source-date-epoch', { because: 'Give the whole build one: --build-arg SOURCE_DATE_EPOCH=SECONDS.' });
  reader.finish();
  return { destination: dest === '-' || dest === '' ? undefined : dest, platformSplit };
}

/** All that can be refused before anything runs. Throws USAGE, UNSUPPORTED. */
export function checkTarAttributes(attributes: Readonly<Record<string, string>>, plan?: ExportPlan): void {
  const read = readTarAttributes(attributes);
  refuseTerminal('tar', read);
  if (read.platformSplit === false && (plan?.platforms.length ?? 1) > 1) {
    throw new OperatorError('UNSUPPORTED', '--output type=tar: several platforms cannot share one tree', { hint: 'Leave out platform-split=false, or use type=local, which looks for files that collide.' });
  }
}
