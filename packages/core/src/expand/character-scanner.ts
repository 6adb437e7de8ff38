/** Reads a text one character (code point) at a time; `undefined` is the end. */
export class CharacterScanner {
  private readonly text: string;
  private index = 0;

  constructor(text: string) {
    this.text = text;
  }

  peek(): string | undefined {
    const code = this.text.codePointAt(this.index);
    return code === undefined ? undefined : String.fromCodePoint(code);
  }

  next(): string | undefined {
    const character = this.peek();
    this.index += character?.length ?? 0;
    return character;
  }

  /** Takes characters as long as they pass. */
  takeWhile(passes: (character: string) => boolean): string {
    const start = this.index;
    for (let character = this.peek(); character !== undefined && passes(character); character = this.peek()) this.next();
    return this.text.slice(start, this.index);
  }
}
