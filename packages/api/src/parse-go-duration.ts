const UNITS: Readonly<Record<string, number>> = { ns: 1, us: 1e3, 'µs': 1e3, 'μs': 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** What a signed integer of 64 bits holds, near enough: about 292 years. */
const LONGEST = 2 ** 63 - 1025;

/** Nanoseconds of a Go duration (`1m30s`, `1.5s`, `0`), or undefined. */
export function parseGoDuration(text: string): number | undefined {
  const [, sign = '', body = ''] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  if (body === '0') return 0;
  if (!/^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(body)) return undefined;
  const parts = [...body.matchAll(/([\d.]+)(ns|us|µs|μs|ms|s|m|h)/g)];
  const total = parts.reduce((sum, [, count = '', unit = '']) => sum + Math.trunc(Number(count) * (UNITS[unit] ?? 0)), 0);
  if (total > LONGEST) return undefined;
  return sign === '-' ? -total : total;
}
