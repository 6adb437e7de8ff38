import { OperatorError, suggest } from '@strake/api';
import { formatReference, parseReference } from '../image/reference';

/** What `--output type=oci,…` and `type=docker,…` take. */
export interface LayoutAttributes {
  /** A path; undefined for standard output. */
  readonly destination: string | undefined;
  /** An archive, or a folder. */
  readonly tar: boolean;
  /** Of the layers that are not compressed yet. */
  readonly compression: 'none' | 'gzip';
  /** Normalised; instead of the build's names. */
  readonly names: readonly string[] | undefined;
}

const KNOWN = ['dest', 'tar', 'name', 'compression'] as const;
type Attribute = (typeof KNOWN)[number];

/** Reads the attributes of an export as a layout. Throws USAGE, and REFERENCE_INVALID for a name. */
export function readLayoutAttributes(type: string, attributes: Readonly<Record<string, string>>): LayoutAttributes {
  for (const name of Object.keys(attributes)) if (!isKnown(name)) throw unknown(type, name);
  const { dest = '-', tar = 'true', name, compression = 'none' }: { readonly [name in Attribute]?: string } = attributes;
  if (tar !== 'true' && tar !== 'false') throw bad(type, 'tar', tar, ['true', 'false']);
  if (compression !== 'none' && compression !== 'gzip') throw bad(type, 'compression', compression, ['none', 'gzip']);
  const destination = dest === '-' || dest === '' ? undefined : dest;
  if (destination === undefined && tar === 'false') throw new OperatorError('USAGE', `--output type=${type},tar=false needs a folder`, { hint: `Name it: type=${type},tar=false,dest=FOLDER` });
  const names = name?.split(',').filter((one) => one !== '').map((one) => formatReference(parseReference(one)));
  return { destination, tar: tar === 'true', compression, names };
}

/** Refuses to write an archive to a terminal. Throws USAGE. */
export function refuseTerminal(type: string, { destination }: LayoutAttributes, stdout: { readonly isTTY?: boolean } = process.stdout): void {
  if (destination !== undefined || stdout.isTTY !== true) return;
  throw new OperatorError('USAGE', 'refusing to write an archive to a terminal', { hint: `Name a file (--output type=${type},dest=FILE) or redirect the output.` });
}

function isKnown(name: string): name is Attribute {
  return (KNOWN as readonly string[]).includes(name);
}

function unknown(type: string, name: string): OperatorError {
  const near = suggest(name, KNOWN);
  return new OperatorError('USAGE', `--output type=${type}: unknown attribute "${name}"`, {
    hint: near === undefined ? `Known attributes: ${KNOWN.join(', ')}.` : `Did you mean ${near}?`,
  });
}

function bad(type: string, name: Attribute, value: string, choices: readonly string[]): OperatorError {
  return new OperatorError('USAGE', `--output type=${type}: ${name}=${value} is not valid`, { hint: `Choose ${choices.join(' or ')}.` });
}
