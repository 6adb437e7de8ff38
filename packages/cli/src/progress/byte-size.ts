const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Bytes in decimal units, three digits, as docker shows them: `7.8MB`, `124kB`. */
export function byteSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 ? String(value) : Number(value.toPrecision(3)).toString();
  return `${digits}${units[unit] ?? ''}`;
}
