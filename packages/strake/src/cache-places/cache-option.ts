import { csvFields, OperatorError } from '@strake/api';

/** A place of `--cache-from` or `--cache-to`: as buildx writes it (`type=local,src=PATH`; a reference alone is a registry's), or its attributes. */
export type CacheOption = string | Readonly<Record<string, string>>;

/** A place that is asked for. */
export interface WrittenPlace {
  readonly type: string;
  /** All others. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Reads a place; `option` is for errors. Throws USAGE. */
export function readCacheOption(option: string, written: CacheOption): WrittenPlace {
  const { type, ...attributes } = typeof written === 'string' ? attributesOf(option, written) : written;
  if (!type) throw new OperatorError('USAGE', `${option} ${shown(written)} has no type`, { hint: `Write ${option} type=registry,ref=…, type=local,… or another type.` });
  return { type, attributes };
}

function attributesOf(option: string, text: string): Readonly<Record<string, string>> {
  if (text.trim() === '') throw new OperatorError('USAGE', `${option} names no place`, { hint: `Write ${option} type=registry,ref=… or type=local,…` });
  if (!text.includes('=')) return { type: 'registry', ref: text };
  const fields = csvFields(text);
  if (fields === undefined) throw new OperatorError('USAGE', `${option} ${text}: the quotes are not valid`, { hint: 'A value with a comma is written as "name=value, with a comma".' });
  const attributes: Record<string, string> = {};
  for (const field of fields) {
    const at = field.indexOf('=');
    // A flag without a value is set, as in buildx's `force-compression`.
    const name = (at < 0 ? field : field.slice(0, at)).trim().toLowerCase();
    if (name === '') throw new OperatorError('USAGE', `${option} ${text}: an attribute has no name`);
    if (Object.hasOwn(attributes, name)) throw new OperatorError('USAGE', `${option} ${text}: ${name} is given twice`);
    attributes[name] = at < 0 ? 'true' : field.slice(at + 1).trim();
  }
  return attributes;
}

/** Attributes may hold secrets: of those that are data only the names are shown. */
function shown(written: CacheOption): string {
  return typeof written === 'string' ? written : `{ ${Object.keys(written).join(', ')} }`;
}
