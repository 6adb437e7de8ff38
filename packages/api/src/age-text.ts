const UNITS: readonly (readonly [string, number])[] = [['days', 86_400], ['hours', 3600], ['minutes', 60], ['seconds', 1]];

/** Seconds in the greatest unit of which there are two or more: `36 hours`, `7 days`, `1 second`. */
export function ageText(seconds: number): string {
  const [unit, size] = UNITS.find(([, size]) => seconds >= 2 * size) ?? ['seconds', 1];
  const count = Math.floor(seconds / size);
  return `${count} ${count === 1 ? unit.slice(0, -1) : unit}`;
}
