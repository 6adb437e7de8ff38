const values: Readonly<Record<string, boolean>> = {
  '1': true, t: true, T: true, true: true, TRUE: true, True: true,
  '0': false, f: false, F: false, false: false, FALSE: false, False: false,
};

/** What `--flag=text` means for a boolean flag: the words that Go's `strconv.ParseBool` knows, as docker does; undefined for any other. */
export function booleanValue(text: string): boolean | undefined {
  return Object.hasOwn(values, text) ? values[text] : undefined;
}
