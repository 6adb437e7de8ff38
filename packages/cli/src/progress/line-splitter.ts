const newline = 0x0a;

/** Cuts a stream of bytes into lines. No byte is lost or changed: a line that has not ended is kept until it does. */
export class LineSplitter {
  private pending: Buffer[] = [];

  /** The lines that `data` completes, without their newlines. */
  push(data: Buffer): readonly Buffer[] {
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = data.indexOf(newline); end >= 0; end = data.indexOf(newline, start)) {
      lines.push(Buffer.concat([...this.pending, data.subarray(start, end)]));
      this.pending = [];
      start = end + 1;
    }
    if (start < data.length) this.pending.push(Buffer.from(data.subarray(start)));
    return lines;
  }

  /** The last line when it has no newline. */
  rest(): readonly Buffer[] {
    const rest = this.pending;
    this.pending = [];
    return rest.length === 0 ? [] : [Buffer.concat(rest)];
  }
}
