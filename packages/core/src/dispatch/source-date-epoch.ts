import { DockerfileError } from '@strake/api';
import type { LowerOptions } from './lower-dockerfile';

/** Seconds until the end of the year 9999, the last that RFC 3339 can write. */
const LAST = 253_402_300_799;

/**
 * The SOURCE_DATE_EPOCH of a build in seconds since 1970: what the build argument or an ARG before the first stage says. An empty
 * one is none. `context` is the date of the build context, which is `epoch` then: a repository has one, a directory none. Throws INVALID_ARGUMENTS, UNSUPPORTED.
 */
export function sourceDateEpoch(value: string | undefined, { epoch, namedContexts }: Pick<LowerOptions, 'epoch' | 'namedContexts'>): number | undefined {
  if (value === undefined || value === '') return epoch;
  if (/^\d{1,12}$/.test(value) && Number(value) <= LAST) return Number(value);
  const hint = 'It is a number of seconds since 1970, for example that of: git log -1 --pretty=%ct';
  if (value === 'context') {
    if (epoch !== undefined) return epoch;
    throw new DockerfileError('UNSUPPORTED', 'SOURCE_DATE_EPOCH=context: the date of this build context is not known', { hint: `A git repository has one. ${hint}` });
  }
  if (namedContexts.has(value)) throw new DockerfileError('UNSUPPORTED', `SOURCE_DATE_EPOCH=${value}: the date of a named context is not known`, { hint });
  throw new DockerfileError('INVALID_ARGUMENTS', `invalid SOURCE_DATE_EPOCH: ${value}`, { hint });
}
