import { OperatorError, type ExportPlan } from '@strake/api';
import { AttributeReader } from '../form/attribute-reader';
import { checkImageForm, readImageForm, type ImageForm } from '../form/image-form';
import { formatReference, parseReference } from '../image/reference';

/** What `--output type=oci,…` and `type=docker,…` take. */
export interface LayoutAttributes {
  /** A path; undefined for standard output. */
  readonly destination: string | undefined;
  /** An archive, or a folder. */
  readonly tar: boolean;
  /** Normalised; instead of the build's names. */
  readonly names: readonly string[] | undefined;
  readonly form: ImageForm;
}

/** Reads the attributes of an export as a layout. Throws USAGE, UNSUPPORTED, and REFERENCE_INVALID for a name. */
export function readLayoutAttributes(type: string, attributes: Readonly<Record<string, string>>): LayoutAttributes {
  const reader = new AttributeReader(type, attributes);
  const dest = reader.text('dest') ?? '-';
  const tar = reader.flag('tar') ?? true;
  const names = readNames(reader);
  const form = readImageForm(reader, 'none');
  if (type === 'docker') reader.refuse('context', { because: 'Set DOCKER_HOST to the engine to load into.' });
  reader.finish();
  const destination = dest === '-' || dest === '' ? undefined : dest;
  if (destination === undefined && !tar) throw new OperatorError('USAGE', `--output type=${type},tar=false needs a folder`, { hint: `Name it: type=${type},tar=false,dest=FOLDER` });
  return { destination, tar, names, form };
}

/** The references of `name=`, normalised; several with commas. Throws REFERENCE_INVALID. */
export function readNames(reader: AttributeReader): readonly string[] | undefined {
  return reader.text('name')?.split(',').filter((one) => one !== '').map((one) => formatReference(parseReference(one)));
}

/** All that can be refused before anything runs. Throws USAGE, UNSUPPORTED. */
export function checkLayoutAttributes(type: string, attributes: Readonly<Record<string, string>>, plan?: ExportPlan): void {
  const read = readLayoutAttributes(type, attributes);
  refuseTerminal(type, read);
  checkImageForm(read.form, plan);
}

/** Refuses to write an archive to a terminal. Throws USAGE. */
export function refuseTerminal(type: string, { destination }: Pick<LayoutAttributes, 'destination'>, stdout: { readonly isTTY?: boolean } = process.stdout): void {
  if (destination !== undefined || stdout.isTTY !== true) return;
  throw new OperatorError('USAGE', 'refusing to write an archive to a terminal', { hint: `Name a file (--output type=${type},dest=FILE) or redirect the output.` });
}
