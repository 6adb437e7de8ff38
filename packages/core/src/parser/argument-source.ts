import { DockerfileError, type InstructionNode, type SourceRange } from '@strake/api';
import { jsonForm } from './json-form';
import { rangeOf } from './segments';
import { splitByBlanks, type ArgumentWord, type SplitWord } from './split-words';

/** An instruction's arguments, and how to point at and complain about pieces of them. */
export class ArgumentSource {
  readonly node: InstructionNode;
  readonly keyword: string;
  readonly text: string;

  constructor(node: InstructionNode) {
    this.node = node;
    this.keyword = node.keyword;
    this.text = node.text;
  }

  /** Where the arguments stand; the keyword's place when there are none. */
  get range(): SourceRange {
    return this.text === '' ? this.node.keywordRange : this.rangeOf(0, this.text.length);
  }

  rangeOf(start: number, end: number): SourceRange {
    return rangeOf(this.node.range.file, this.node.segments, start, end);
  }

  word({ text, start, end }: SplitWord): ArgumentWord {
    return { text, range: this.rangeOf(start, end) };
  }

  words(): readonly ArgumentWord[] {
    return splitByBlanks(this.text).map((word) => this.word(word));
  }

  /** The strings of JSON form; undefined for anything else. Throws for an array of other things than strings. */
  json(text = this.text): readonly string[] | undefined {
    const form = jsonForm(text);
    if (form.kind === 'mixed') this.fail('when using JSON array syntax, arrays must be comprised of strings only');
    return form.kind === 'strings' ? form.strings : undefined;
  }

  /** The same as words; each has the range of the whole array. */
  jsonWords(): readonly ArgumentWord[] | undefined {
    return this.json()?.map((text) => ({ text, range: this.range }));
  }

  fail(message: string, details: { readonly range?: SourceRange; readonly hint?: string } = {}): never {
    throw new DockerfileError('INVALID_ARGUMENTS', message, { range: this.range, ...details });
  }

  failEmpty(): never {
    this.fail(`${this.keyword} requires at least one argument`);
  }
}
