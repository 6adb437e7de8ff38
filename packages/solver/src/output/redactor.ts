/** What stands for a secret's value in the output of a program. */
const MASK = Buffer.from('***');

/** A line of a longer value that is shorter than this says too little to be one, and would hide much else. */
const SHORTEST_LINE = 4;

/**
 * Masks values in one stream of output, however it is cut into pieces. Of a value with several lines each line is masked too: a
 * program may print one of them. What may be the beginning of a value is held back until more comes or the stream ends.
 */
export class Redactor {
  private readonly patterns: readonly Buffer[];
  private held = Buffer.alloc(0);

  constructor(values: readonly Uint8Array[]) {
    const patterns = values.flatMap(patternsOf).sort((left, right) => right.length - left.length);
    this.patterns = patterns.filter((pattern, index) => patterns.findIndex((other) => other.equals(pattern)) === index);
  }

  /** The next piece of the stream; answers what can be shown of all so far. */
  add(data: Buffer): Buffer {
    return this.take(Buffer.concat([this.held, data]), false);
  }

  /** What was held back, now that nothing follows. */
  end(): Buffer {
    return this.take(this.held, true);
  }

  private take(text: Buffer, last: boolean): Buffer {
    const shown: Buffer[] = [];
    let from = 0;
    for (;;) {
      const found = this.next(text, from);
      // A value that begins before it, or a longer one in its place, may still come.
      const open = last ? text.length : this.openFrom(text, from);
      if (found === undefined || open <= found.at) {
        shown.push(text.subarray(from, open));
        this.held = Buffer.from(text.subarray(open));
        return Buffer.concat(shown);
      }
      shown.push(text.subarray(from, found.at), MASK);
      from = found.at + found.length;
    }
  }

  /** The first value from an offset on, the longest of those that begin there. */
  private next(text: Buffer, from: number): { readonly at: number; readonly length: number } | undefined {
    let best: { readonly at: number; readonly length: number } | undefined;
    for (const pattern of this.patterns) {
      const at = text.indexOf(pattern, from);
      if (at >= 0 && (best === undefined || at < best.at)) best = { at, length: pattern.length };
    }
    return best;
  }

  /** Where the text's end may be the beginning of a value: the earliest such place, or the end. */
  private openFrom(text: Buffer, from: number): number {
    const longest = this.patterns[0]?.length ?? 0;
    for (let at = Math.max(from, text.length - longest + 1); at < text.length; at += 1) {
      const rest = text.subarray(at);
      if (this.patterns.some((pattern) => pattern.length > rest.length && pattern.subarray(0, rest.length).equals(rest))) return at;
    }
    return text.length;
  }
}

function patternsOf(value: Uint8Array): readonly Buffer[] {
  const text = Buffer.from(value).toString('latin1');
  const trimmed = text.trim();
  const lines = trimmed.split(/\r?\n/).map((line) => line.trim());
  const long = lines.length > 1 ? lines.filter((line) => line.length >= SHORTEST_LINE) : [];
  return [trimmed, ...long].filter((pattern) => pattern !== '').map((pattern) => Buffer.from(pattern, 'latin1'));
}
