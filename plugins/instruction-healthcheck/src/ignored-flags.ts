import type { Lowered } from '@strake/api';
import type { HealthcheckFlags } from './limits';

/** The warning of flags that say nothing of no health check; BuildKit drops them without a word. */
export function ignoredFlags(flags: HealthcheckFlags): Pick<Lowered, 'warnings'> {
  const names = Object.keys(flags).map((name) => `--${name}`);
  if (names.length === 0) return {};
  return { warnings: [{ code: 'IgnoredFlag', message: `HEALTHCHECK NONE does not use ${names.join(', ')}`, hint: 'remove the flags' }] };
}
