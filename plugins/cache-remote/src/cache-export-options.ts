import { OperatorError } from '@strake/api';
import { AttributeReader, checkImageForm, readImageForm, type ImageForm } from '@strake/oci';

/** Attributes that all places of `--cache-to` have. */
export const COMMON_ATTRIBUTES = ['mode', 'compression', 'compression-level', 'force-compression', 'oci-mediatypes', 'image-manifest', 'ignore-error'] as const;

/** How a cache is written, wherever it goes. */
export interface CacheExportOptions {
  /** `max`: every step with its layers; `min`: the layers of the results alone. */
  readonly mode: 'min' | 'max';
  /** How layers are compressed. */
  readonly form: ImageForm;
  /** A failure is a warning. */
  readonly ignoreError: boolean;
}

/** Reads the common attributes among those given. Throws USAGE, UNSUPPORTED. */
export function readCacheExport(type: string, given: Readonly<Record<string, string>>): CacheExportOptions {
  const attributes = Object.fromEntries(COMMON_ATTRIBUTES.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])));
  const reader = new AttributeReader(type, attributes, '--cache-to');
  const options = {
    mode: reader.choice('mode', ['min', 'max']) ?? 'min',
    ignoreError: reader.flag('ignore-error') ?? false,
  } as const;
  if (reader.flag('image-manifest') === false) throw unsupported(type, 'image-manifest=false', 'A cache is an image manifest, which every registry takes: leave it out.');
  const form = readImageForm(reader, 'gzip');
  if (form.docker) throw unsupported(type, 'oci-mediatypes=false', 'A cache has OCI media types alone: leave it out.');
  checkImageForm(form);
  return { ...options, form };
}

function unsupported(type: string, what: string, hint: string): OperatorError {
  return new OperatorError('UNSUPPORTED', `--cache-to type=${type}: ${what} is not supported`, { hint });
}
