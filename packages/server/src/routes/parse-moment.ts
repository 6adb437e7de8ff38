import { HttpError } from '../http/status-of';

/** A moment as the Engine API takes it, seconds since the epoch or RFC 3339, in seconds. Throws `HttpError` 400. */
export function parseMoment(text: string | null): number | undefined {
  if (text === null || text === '') return undefined;
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Date.parse(text) / 1000;
  if (Number.isNaN(seconds)) throw new HttpError(400, `invalid time: ${text}`);
  return seconds;
}
