/** Remembers the last lines of an output, for the message of a step that failed. */
export class LastLines {
  private text = '';
  private readonly count: number;

  constructor(count: number) {
    this.count = count;
  }

  add(data: Buffer): void {
    this.text += data.toString('utf8');
    if (this.text.length > 65536) this.text = this.text.slice(-32768);
  }

  lines(): readonly string[] {
    return this.text.replace(/\n$/, '').split('\n').filter((line) => line !== '').slice(-this.count);
  }
}
