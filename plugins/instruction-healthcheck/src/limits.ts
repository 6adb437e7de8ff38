import { InstructionError } from '@strake/api';

const DURATIONS = ['interval', 'timeout', 'start-period', 'start-interval'] as const;

/** Typed flags of HEALTHCHECK; durations in nanoseconds. */
export type HealthcheckFlags = { readonly [K in (typeof DURATIONS)[number] | 'retries']?: number };

/** Refuses durations under a millisecond, but for 0, and negative retries. */
export function checkLimits(flags: HealthcheckFlags): void {
  for (const name of DURATIONS) {
    const value = flags[name] ?? 0;
    if (value !== 0 && value < 1e6) throw new InstructionError(`Interval "${name}" cannot be less than 1ms`, { at: name });
  }
  const retries = flags.retries ?? 0;
  if (retries > 2147483647) throw new InstructionError(`--retries is too large (${retries})`, { at: 'retries' });
  if (retries < 0) throw new InstructionError(`--retries cannot be negative (${retries})`, { at: 'retries' });
}
