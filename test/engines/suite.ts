/**
 * `describe`, or a skipped one that says why in its name: `scripts/test.mjs` prints that reason, so that nothing is skipped silently.
 * @param unmet why the tests cannot run here; undefined when they can
 */
export function suite(name: string, unmet: string | undefined, body: () => void): void {
  if (unmet === undefined) describe(name, body);
  else describe.skip(`${name} [skipped: ${unmet}]`, body);
}
