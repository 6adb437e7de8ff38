/** Seconds with one decimal, as BuildKit shows them: `0.4s`, `12.0s`. */
export function seconds(milliseconds: number): string {
  return `${(Math.max(0, milliseconds) / 1000).toFixed(1)}s`;
}

/** The moment of a log line, from the start of its vertex: `0.123`. */
export function moment(milliseconds: number): string {
  return (Math.max(0, milliseconds) / 1000).toFixed(3);
}
