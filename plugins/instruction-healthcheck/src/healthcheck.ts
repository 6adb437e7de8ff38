import type { Healthcheck } from '@strake/api';
import { formatDuration } from './format-duration';
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

/** The history text, which is Go's print of the structure. */
export function describe(check: Healthcheck): string {
  const duration = (name: 'Interval' | 'Timeout' | 'StartPeriod' | 'StartInterval') => `${name}:${formatDuration(check[name] ?? 0)}`;
  return (
    `HEALTHCHECK {Test:[${check.Test.join(' ')}] ${duration('Interval')} ${duration('Timeout')} ` +
    `${duration('StartPeriod')} ${duration('StartInterval')} Retries:${check.Retries ?? 0}}`
  );
}
