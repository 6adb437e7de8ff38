import { isSpace } from '../parser/whitespace';

/** Collects text into words: white space parts words unless it is added raw. */
export class WordSplitter {
  private readonly words: string[] = [];
  private word = '';

  /** Adds text whose white space parts words. */
  add(text: string): void {
    for (const character of text) {
      if (isSpace(character)) this.end();
      else this.word += character;
    }
  }

  /** Adds text that stays in one word. */
  addRaw(text: string): void {
    this.word += text;
  }

  /** Ends the last word and answers all. */
  finish(): readonly string[] {
    this.end();
    return this.words;
  }

  private end(): void {
    if (this.word !== '') this.words.push(this.word);
    this.word = '';
  }
}
