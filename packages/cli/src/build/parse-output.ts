import { csvFields } from '@strake/api';
import { UsageError } from '../argv/usage-error';
import type { OutputOptions } from '../library';

const hint = 'use type=oci,dest=FILE, a folder for the files of the result, or - for a tar of them on standard output';

/**
 * Reads one `--output` as buildx does: CSV of `key=value`, or a bare path for `type=local,dest=PATH`, or `-` for `type=tar,dest=-`. What types
 * there are is left to the exporters, so that a plugin can bring its own. Throws UsageError.
 */
export function parseOutput(command: string, text: string): OutputOptions {
  const fields = csvFields(text);
  if (fields === undefined) throw new UsageError(command, `invalid value "${text}" for --output: a quote is left open`);
  if (text === '') throw new UsageError(command, 'invalid value "" for --output: it is empty', hint);
  if (fields.length === 1 && fields[0] === text && !text.startsWith('type=')) return { type: text === '-' ? 'tar' : 'local', attributes: { dest: text } };
  const attributes: Record<string, string> = {};
  for (const field of fields) {
    const equals = field.indexOf('=');
    if (equals < 1) throw new UsageError(command, `invalid value "${text}" for --output: "${field}" is not key=value`, hint);
    attributes[field.slice(0, equals).trim().toLowerCase()] = field.slice(equals + 1);
  }
  const { type, ...rest } = attributes;
  if (type === undefined || type === '') throw new UsageError(command, `invalid value "${text}" for --output: type is required`, hint);
  return { type, attributes: rest };
}
