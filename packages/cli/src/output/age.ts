const units: readonly (readonly [name: string, seconds: number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** How long ago something was made: `3 weeks ago`; `N/A` when that is not known. `now` is milliseconds since the epoch. */
export function age(created: string | undefined, now: number): string {
  const made = created === undefined ? NaN : Date.parse(created);
  if (Number.isNaN(made)) return 'N/A';
  const seconds = Math.max(0, Math.floor((now - made) / 1000));
  const [name, length] = units.find(([, size]) => seconds >= size) ?? ['second', 1];
  const count = Math.floor(seconds / length);
  return `${count} ${name}${count === 1 ? '' : 's'} ago`;
}
