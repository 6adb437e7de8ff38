const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** A timer of the machine counts no further. */
const LONGEST = 2 ** 31 / 1000;

/** Seconds of a time such as `90s`, `1h30m`, `1d` or `2w`; undefined for none, and for what is no time. */
export function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^(?:\d+[smhdw])+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+)([smhdw])/g)].reduce((sum, [, count = '', unit = '']) => sum + Number(count) * (UNITS[unit] ?? 0), 0);
}

/** What is wrong with a time, or nothing. */
export function checkSeconds(text: string): string | undefined {
  const seconds = secondsOf(text);
  if (seconds === undefined) return `"${text}" is no time: write a number and s, m, h, d or w, as in 90s, 1h30m or 1d`;
  if (seconds === 0) return `"${text}" is no time at all`;
  return seconds < LONGEST ? undefined : `"${text}" is too long: the most is 24 days`;
}

/** What is wrong with a number of attempts, or nothing. */
export function checkRetries(text: string): string | undefined {
  return /^(?:[1-9]|[1-9]\d)$/.test(text) ? undefined : `"${text}" is no number of attempts: it is 1 to 99`;
}
