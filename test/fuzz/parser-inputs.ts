import { randomNumbers, type RandomNumbers } from '@strake/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listCases } from '../differential/cases';

/** Pieces that mean something to the parser, in odd company. */
const FRAGMENTS = [
  'FROM a', 'FROM --platform=$X a AS b', 'RUN ', 'RUN <<EOF', 'EOF', 'COPY <<-"A" <<\'B\' /to/', 'ONBUILD RUN <<X', 'ENV a=b', 'ENV a b', 'LABEL "a b"=c', 'ARG X=${Y:-z}',
  'CMD ["a"]', 'CMD ["a", 1]', 'CMD [', 'HEALTHCHECK --interval=1s CMD x', 'EXPOSE 80', 'NOSUCH x', '# escape=`', '# syntax=a', '# comment', '#!x', '\\', '`', '\\\n', '`\n', ' \\ \n', '\n', '\r\n', '\t',
  '<<', '<<<', '3<<', '"', "'", '$', '${', '}', '${a/b/c}', '--', '--x=', '=', '[', ']', '{', ',', '\u00a0', '\u2028', '\ufeff', '\0', '\ufffd', '🚢', '\ud800', 'é',
] as const;

/** Inputs for the parser, the same for the same seed: files of the differential cases with changes, pieces in a row, random bytes. */
export class ParserInputs {
  readonly #numbers: RandomNumbers;
  readonly #corpus: readonly string[];

  constructor(seed: number) {
    this.#numbers = randomNumbers(seed);
    this.#corpus = [...listCases('cases'), ...listCases('refused')].map(({ folder }) => readFileSync(join(folder, 'Dockerfile'), 'utf8')).filter((text) => text.length < 4000);
  }

  next(): Buffer {
    const kind = this.#numbers.below(10);
    if (kind < 6) return Buffer.from(this.#mutated());
    return kind < 9 ? Buffer.from(this.#row()) : this.#bytes();
  }

  #mutated(): string {
    let text = this.#numbers.pick(this.#corpus);
    for (let count = 1 + this.#numbers.below(6); count > 0; count -= 1) text = this.#change(text);
    return text;
  }

  #change(text: string): string {
    const at = this.#numbers.below(text.length + 1);
    const end = Math.min(text.length, at + this.#numbers.below(30));
    switch (this.#numbers.below(5)) {
      case 0:
        return text.slice(0, at) + text.slice(end);
      case 1:
        return text.slice(0, at) + this.#numbers.pick(FRAGMENTS) + text.slice(at);
      case 2:
        return text.slice(0, end) + text.slice(at);
      case 3:
        return text.slice(0, at) + this.#numbers.pick(FRAGMENTS) + text.slice(end);
      default:
        return text.slice(0, at) + this.#numbers.pick(this.#corpus).slice(0, 200) + text.slice(at);
    }
  }

  #row(): string {
    return Array.from({ length: 1 + this.#numbers.below(12) }, () => this.#numbers.pick(FRAGMENTS) + this.#numbers.pick(['', ' ', '\n', '\n'])).join('');
  }

  #bytes(): Buffer {
    return Buffer.from(Array.from({ length: this.#numbers.below(120) }, () => this.#numbers.below(256)));
  }
}
