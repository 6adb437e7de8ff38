const SIZE = /^(\d+(?:\.\d+)?) ?([kmgtp]?)i?b?$/i;

/** Bytes of a size as docker writes it: `512m`, `1.5g`, `10kb`; units of 1024, in capitals or not. Undefined when it is none. */
export function parseSize(text: string): number | undefined {
  const [, digits, unit = ''] = SIZE.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const bytes = Math.trunc(Number(digits) * 1024 ** (unit === '' ? 0 : 'kmgtp'.indexOf(unit.toLowerCase()) + 1));
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
