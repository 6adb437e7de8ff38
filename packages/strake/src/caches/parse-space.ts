import { OperatorError } from '@strake/api';

const SIZE = /^(\d+(?:\.\d+)?) ?([kmgtp]?)(i?)b?$/i;
const PERCENT = /^(\d+(?:\.\d+)?)%$/;
const UNITS = ['', 'k', 'm', 'g', 't', 'p'];

/** Bytes of a number, or of text as `10GB` (powers of 1000), `512MiB` (of 1024), `20%` of `total`. Throws USAGE, naming `what`. */
export function parseSpace(written: number | string, total: number, what: string): number {
  if (typeof written === 'number') return checked(written, written, what);
  const percent = PERCENT.exec(written)?.[1];
  if (percent !== undefined) return checked(Number(percent) > 100 ? NaN : Math.trunc((Number(percent) / 100) * total), written, what);
  const [, digits, unit = '', binary = ''] = SIZE.exec(written) ?? [];
  return checked(digits === undefined ? NaN : Math.trunc(Number(digits) * (binary === '' ? 1000 : 1024) ** UNITS.indexOf(unit.toLowerCase())), written, what);
}

function checked(bytes: number, written: number | string, what: string): number {
  if (Number.isSafeInteger(bytes) && bytes >= 0) return bytes;
  throw new OperatorError('USAGE', `${what}: "${written}" is no size`, { hint: 'Write 10GB, 512MiB, 20% or a number of bytes.' });
}
