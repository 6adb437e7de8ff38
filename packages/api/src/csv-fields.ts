/**
 * The fields of one line of RFC 4180 CSV, as `RUN --mount` and the flags of buildx have it: quotes group, doubled quotes are a
 * quote. Undefined when a quote is left open, follows a field's text or is followed by some.
 */
export function csvFields(line: string): readonly string[] | undefined {
  const fields: string[] = [];
  for (let rest: string | undefined = line; rest !== undefined; ) {
    const quoted = /^"((?:[^"]|"")*)"(,|$)/.exec(rest);
    const plain = quoted ?? /^([^",]*)(,|$)/.exec(rest);
    if (plain === null) return undefined;
    const [whole, text = '', end] = plain;
    fields.push(quoted === null ? text : text.replaceAll('""', '"'));
    rest = end === ',' ? rest.slice(whole.length) : undefined;
  }
  return fields;
}
