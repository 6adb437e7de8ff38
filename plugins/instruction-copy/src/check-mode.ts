/** What is wrong with a mode, or nothing: octal digits up to 7777 are right. */
export function checkMode(value: string): string | undefined {
  if (/^[0-7]+$/.test(value) && parseInt(value, 8) <= 0o7777) return undefined;
  return `invalid chmod parameter: '${value}'. it should be octal string and between 0 and 07777`;
}
