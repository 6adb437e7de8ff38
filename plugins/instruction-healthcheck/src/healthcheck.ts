import { goDuration, goQuote, goQuoteList, goQuoteNumber, type Healthcheck } from '@strake/api';
import type { HealthcheckFlags } from './limits';

/** The config's field; what is 0 is left out. Nothing is merged: a health check replaces the one before it. */
export function makeHealthcheck(test: readonly string[], flags: HealthcheckFlags): Healthcheck {
  return {
    Test: test,
    ...(flags.interval ? { Interval: flags.interval } : {}),
    ...(flags.timeout ? { Timeout: flags.timeout } : {}),
    ...(flags['start-period'] ? { StartPeriod: flags['start-period'] } : {}),
    ...(flags['start-interval'] ? { StartInterval: flags['start-interval'] } : {}),
    ...(flags.retries ? { Retries: flags.retries } : {}),
  };
}

/** The history text: the structure as Go's `%q` prints it, which is what BuildKit writes. */
export function describe(check: Healthcheck): string {
  const durations = (['Interval', 'Timeout', 'StartPeriod', 'StartInterval'] as const).map((name) => goQuote(goDuration(check[name] ?? 0)));
  return `HEALTHCHECK &{${[goQuoteList(check.Test), ...durations, goQuoteNumber(check.Retries ?? 0)].join(' ')}}`;
}
