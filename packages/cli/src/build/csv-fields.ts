/** The fields of one line of RFC 4180 CSV, as buildx reads `--output`: quotes group, doubled quotes are a quote. Undefined when a quote is left open. */
export function csvFields(line: string): readonly string[] | undefined {
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (let index = 0; index < line.length; index++) {
    const character = line.charAt(index);
    if (quoted && character === '"' && line[index + 1] === '"') {
      field += '"';
      index++;
    } else if (character === '"' && (quoted || field === '')) {
      quoted = !quoted;
    } else if (character === ',' && !quoted) {
      fields.push(field);
      field = '';
    } else {
      field += character;
    }
  }
  return quoted ? undefined : [...fields, field];
}
