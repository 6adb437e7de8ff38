import { OperatorError, parseGoDuration } from '@strake/api';

/** What a place was written with, and in which option: for messages. */
export interface Written {
  readonly option: '--cache-from' | '--cache-to';
  readonly attributes: Readonly<Record<string, string>>;
}

/** A truth as Go's `strconv.ParseBool` reads it. Throws USAGE. */
export function flagOf(written: Written, name: string): boolean {
  const value = written.attributes[name] ?? 'false';
  if (/^(?:1|t|true)$/i.test(value)) return true;
  if (/^(?:|0|f|false)$/i.test(value)) return false;
  throw invalid(written, name, 'Choose true or false.');
}

/** A whole number from 1. Throws USAGE. */
export function countOf(written: Written, name: string, unset: number): number {
  const value = written.attributes[name];
  if (value === undefined) return unset;
  if (/^\d{1,4}$/.test(value) && Number(value) > 0) return Number(value);
  throw invalid(written, name, 'Write a whole number from 1 to 9999.');
}

/** Milliseconds of a duration as Go writes it. Throws USAGE. */
export function durationOf(written: Written, name: string, unset: number): number {
  const value = written.attributes[name];
  if (value === undefined) return unset;
  const nanoseconds = parseGoDuration(value);
  if (nanoseconds !== undefined && nanoseconds >= 0) return nanoseconds / 1e6;
  throw invalid(written, name, 'Write a duration as 90s, 30m or 24h.');
}

/** An attribute that is wrong. No attribute with a secret is ever told so. */
export function invalid({ option, attributes }: Written, name: string, hint: string): OperatorError {
  return new OperatorError('USAGE', `${option} type=s3: ${name}=${attributes[name] ?? ''} is not valid`, { hint });
}
