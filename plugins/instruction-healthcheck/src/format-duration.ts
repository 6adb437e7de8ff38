const UNITS = [['ns', 1], ['µs', 1e3], ['ms', 1e6]] as const;

/** Nanoseconds as Go prints a duration: `1m30s`, `1.5s`, `250ms`. */
export function formatDuration(nanoseconds: number): string {
  if (nanoseconds === 0) return '0s';
  if (nanoseconds < 1e9) {
    const [unit, size] = UNITS.filter(([, least]) => nanoseconds >= least).at(-1) ?? UNITS[0];
    return `${nanoseconds / size}${unit}`;
  }
  const seconds = Math.floor(nanoseconds / 1e9);
  const fraction = String(nanoseconds % 1e9).padStart(9, '0').replace(/0+$/, '');
  const rest = `${seconds % 60}${fraction === '' ? '' : `.${fraction}`}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return rest;
  return minutes < 60 ? `${minutes}m${rest}` : `${Math.floor(minutes / 60)}h${minutes % 60}m${rest}`;
}
