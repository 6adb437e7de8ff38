import { UsageError } from '../argv/usage-error';

/** Reads `name=value` of a flag that is given several times. `alone` says what a name without `=` means; undefined leaves it out. The last one of a name counts. */
export function parsePairs(
  command: string,
  flag: string,
  texts: readonly string[],
  alone: (name: string) => string | undefined,
): Readonly<Record<string, string>> {
  const pairs: Record<string, string> = {};
  for (const text of texts) {
    const equals = text.indexOf('=');
    const name = equals < 0 ? text : text.slice(0, equals);
    if (name === '') throw new UsageError(command, `invalid value "${text}" for ${flag}: the name is empty`);
    const value = equals < 0 ? alone(name) : text.slice(equals + 1);
    if (value !== undefined) pairs[name] = value;
  }
  return pairs;
}
