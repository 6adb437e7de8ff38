import { HttpError } from './status-of';

/** A request's query: every value of a name, in order. */
export type Query = URLSearchParams;

/** As the engine reads a boolean: absent, empty, `0`, `no`, `false` and `none` are false. */
export function booleanOf(query: Query, name: string, absent = false): boolean {
  const value = query.get(name);
  if (value === null) return absent;
  return !['', '0', 'no', 'false', 'none'].includes(value.trim().toLowerCase());
}

/** JSON of a name, or undefined when absent or empty. Throws `HttpError` 400. */
export function jsonOf<T>(query: Query, name: string, is: (value: unknown) => value is T): T | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new HttpError(400, `error reading ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (value === null) return undefined;
  if (!is(value)) throw new HttpError(400, `error reading ${name}: not of the form that is expected`);
  return value;
}

/** A whole number, or undefined when absent, empty or zero. Throws `HttpError` 400. */
export function integerOf(query: Query, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^-?\d{1,18}$/.test(text)) throw new HttpError(400, `invalid value for ${name}: ${text}`);
  return Number(text) || undefined;
}

export const isStrings = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every((item) => typeof item === 'string');

export const isTextMap = (value: unknown): value is Readonly<Record<string, string | null>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every((item) => item === null || typeof item === 'string');
