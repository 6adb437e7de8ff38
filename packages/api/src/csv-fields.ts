/**
 * The fields of one line of RFC 4180 CSV, as `RUN --mount` and the flags of buildx have it: quotes group, doubled quotes are a
 * quote. Undefined when a quote is left open, follows a field's text or is followed by some.
 */
export function csvFields(line: string): readonly string[] | undefined {
  const fields: string[] = [];
  for (let at = 0; at >= 0; ) {
    const field = fieldAt(line, at);
    if (field === undefined) return undefined;
    fields.push(field.text);
    at = field.next;
  }
  return fields;
}

/** The field that begins at an offset, and where the next one does; -1 behind the last. */
function fieldAt(line: string, at: number): { readonly text: string; readonly next: number } | undefined {
  const rest = line.slice(at);
  const [whole, quoted, plain = '', end] = /^(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/.exec(rest) ?? [];
  if (whole === undefined) return undefined;
  return { text: quoted?.replaceAll('""', '"') ?? plain, next: end === ',' ? at + whole.length : -1 };
}
