import { HttpError } from '../http/status-of';
import type { Query } from '../http/query';

/** `filters` of the Engine API: each name with its values. */
export type Filters = ReadonlyMap<string, readonly string[]>;

/** Reads `filters`: a map of lists, or (of older clients) of sets. A name that is not `known` is refused. Throws `HttpError` 400. */
export function readFilters(query: Query, known: readonly string[]): Filters {
  const text = query.get('filters');
  if (text === null || text === '') return new Map();
  const entries = Object.entries(parse(text)).map(([name, values]) => [name, valuesOf(values)] as const);
  const unknown = entries.find(([name]) => !known.includes(name));
  if (unknown !== undefined) throw new HttpError(400, `invalid filter '${unknown[0]}'`);
  return new Map(entries);
}

function parse(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new HttpError(400, 'invalid filter');
  return value as Record<string, unknown>;
}

function valuesOf(values: unknown): readonly string[] {
  if (Array.isArray(values)) return values.map(String);
  if (typeof values !== 'object' || values === null) throw new HttpError(400, 'invalid filter');
  return Object.entries(values).filter(([, wanted]) => wanted !== false).map(([value]) => value);
}
