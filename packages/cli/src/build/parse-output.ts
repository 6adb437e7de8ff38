import { csvFields } from '@strake/api';
import { UsageError } from '../argv/usage-error';
import type { OutputOptions } from '../library';

/** Types that buildx has and strake has no exporter for yet. */
const missing = new Set(['local', 'tar', 'image', 'registry', 'cacheonly']);
const hint = 'use type=oci,dest=FILE or type=docker,dest=FILE';

/** Reads one `--output`: buildx's CSV of `key=value`. Other types are left to the exporters, so that a plugin can bring its own. Throws UsageError. */
export function parseOutput(command: string, text: string): OutputOptions {
  const fields = csvFields(text);
  if (fields === undefined) throw new UsageError(command, `invalid value "${text}" for --output: a quote is left open`);
  const first = fields[0] ?? '';
  if (fields.length === 1 && !first.includes('=')) throw shorthand(command, first);
  const attributes: Record<string, string> = {};
  for (const field of fields) {
    const equals = field.indexOf('=');
    if (equals < 1) throw new UsageError(command, `invalid value "${text}" for --output: "${field}" is not key=value`, hint);
    attributes[field.slice(0, equals).trim().toLowerCase()] = field.slice(equals + 1);
  }
  const { type, ...rest } = attributes;
  if (type === undefined || type === '') throw new UsageError(command, `invalid value "${text}" for --output: type is required`, hint);
  if (missing.has(type)) throw new UsageError(command, `--output type=${type} is not supported yet`, hint);
  return { type, attributes: rest };
}

function shorthand(command: string, path: string): UsageError {
  if (path === '') return new UsageError(command, 'invalid value "" for --output: it is empty', hint);
  const meaning = path === '-' ? 'a tar archive on standard output (type=tar)' : `the files of the image in the folder ${path} (type=local)`;
  return new UsageError(command, `--output ${path} is not supported yet: it asks for ${meaning}`, hint);
}
