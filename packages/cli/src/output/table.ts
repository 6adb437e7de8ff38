import { columns } from '../progress/fit';

/** Rows of cells as docker lays them out: left-aligned, three spaces between columns, no spaces at the end of a line. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => columns(row[column] ?? ''))));
  return all.map((row) => row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - columns(cell))).join('   ').trimEnd()).join('\n');
}
