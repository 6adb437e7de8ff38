/** The two outputs of a request up to its mark, which says that nothing more follows: a zero, the mark, four octal digits, a line's end. */
export class MarkedOutput {
  /** Resolves with the status when both outputs are over. */
  readonly status: Promise<number>;
  private readonly mark: Buffer;
  private readonly held: Record<1 | 2, Buffer> = { 1: Buffer.alloc(0), 2: Buffer.alloc(0) };
  private readonly over = new Set<1 | 2>();
  private resolve: (status: number) => void = () => undefined;

  constructor(mark: string) {
    this.mark = Buffer.from(`\0${mark}`);
    this.status = new Promise((resolve) => (this.resolve = resolve));
  }

  /** What can be shown by now: all but what may be the beginning of the mark. */
  add(stream: 1 | 2, data: Buffer): Buffer {
    if (this.over.has(stream)) return Buffer.alloc(0);
    const text = this.held[stream].length === 0 ? data : Buffer.concat([this.held[stream], data]);
    const at = this.find(text);
    const end = text.subarray(at);
    if (end.length >= this.mark.length + 5) this.end(stream, end.subarray(this.mark.length, this.mark.length + 4).toString());
    else this.held[stream] = Buffer.from(end);
    return text.subarray(0, at);
  }

  /** Where the mark, or what may become one, begins. */
  private find(text: Buffer): number {
    for (let at = text.indexOf(0); at >= 0; at = text.indexOf(0, at + 1)) {
      const piece = text.subarray(at, at + this.mark.length);
      if (piece.equals(this.mark.subarray(0, piece.length))) return at;
    }
    return text.length;
  }

  private end(stream: 1 | 2, status: string): void {
    this.over.add(stream);
    if (this.over.size === 2) this.resolve(parseInt(status, 8));
  }
}
