import { EngineError } from './engine-errors';

/** A message of an answer that goes on. Throws EngineError for what it says went wrong. */
export function checked<T extends { readonly error?: string }>(line: string, what: string): T {
  const message = JSON.parse(line) as T;
  if (message.error !== undefined) throw new EngineError(500, what, message.error);
  return message;
}

/** What an answer says went wrong; undefined for an empty one. */
export function messageOf(body: Buffer): string | undefined {
  const text = body.toString().trim();
  if (text === '') return undefined;
  try {
    return (JSON.parse(text) as { readonly message?: string }).message ?? text;
  } catch {
    return text;
  }
}
