/** The forms in which builders name a line of the Dockerfile: strake and BuildKit `Dockerfile:3`, parsers `line 3`, the classic builder `Step 3` not at all. */
const forms = [/(?:^|[\s/])Dockerfile:(\d+)(?::\d+)?\b/m, /\bon line (\d+)/, /\bline (\d+)[:\s]/];

/** The line of the Dockerfile that a builder's output complains about; null when it names none. */
export function namedLine(output: string): number | null {
  for (const form of forms) {
    const found = form.exec(output)?.[1];
    if (found !== undefined) return Number(found);
  }
  return null;
}
