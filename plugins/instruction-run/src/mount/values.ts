/** Go's `strconv.ParseBool`; undefined for anything else. */
export function booleanOf(text: string): boolean | undefined {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true;
  return ['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text) ? false : undefined;
}

/** A number of 32 bits without a sign, in a base; undefined for anything else. */
export function unsignedOf(text: string, base: 8 | 10): number | undefined {
  if (!(base === 8 ? /^[0-7]+$/ : /^\d+$/).test(text)) return undefined;
  const value = parseInt(text, base);
  return value <= 0xffff_ffff ? value : undefined;
}

const UNITS = 'bkmgtp';

/** Bytes: `64m`, `1.5 GiB`, `10KB`, each letter a power of 1024 (RAMInBytes of docker/go-units); undefined for anything else. */
export function bytesOf(text: string): number | undefined {
  const [, number, unit = 'b'] = /^(\d+(?:\.\d*)?|\.\d+) ?(?:([kmgtp])?i?b?)$/i.exec(text) ?? [];
  if (number === undefined || /i/i.test(text) && !/[kmgtp]i/i.test(text)) return undefined;
  return Math.trunc(Number(number) * 1024 ** UNITS.indexOf(unit.toLowerCase()));
}
