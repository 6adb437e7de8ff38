import { DockerfileError, type Arguments, type Expansion, type Grammar, type Pair, type SourceRange } from '@strake/api';
import type { ParsedArguments, ParsedPair } from '../parser/parsed-arguments';
import type { ArgumentWord } from '../parser/split-words';
import { expandWord, expandWords, type ExpandedNames, type ExpandOptions } from './expand-word';

/** Is told of the variables of a text, and where it stands. */
export type OnVariables = (names: ExpandedNames, range: SourceRange) => void;

/** How arguments are expanded. */
export interface ExpandArgumentsOptions extends ExpandOptions {
  /** Is told of the variables of each word that is expanded. */
  readonly onVariables?: OnVariables;
}

type Environment = ReadonlyMap<string, string>;

/**
 * Expands what the grammar says is expanded and answers the typed arguments that `lower` receives. All of an
 * instruction sees the same environment. Throws a `DockerfileError` INVALID_EXPANSION at the word's range.
 */
export function expandArguments<const G extends Grammar>(
  parsed: ParsedArguments,
  grammar: G,
  env: Environment,
  options: ExpandArgumentsOptions,
): Arguments<G> {
  const expansion: Expansion = ('expand' in grammar ? grammar.expand : undefined) ?? 'none';
  // The parser made `parsed` by this grammar; the type system cannot follow that.
  return new ArgumentExpander(expansion, env, options).expand(parsed) as Arguments<G>;
}

class ArgumentExpander {
  private readonly expansion: Expansion;
  private readonly env: Environment;
  private readonly options: ExpandArgumentsOptions;

  constructor(expansion: Expansion, env: Environment, options: ExpandArgumentsOptions) {
    this.expansion = expansion;
    this.env = env;
    this.options = options;
  }

  expand(parsed: ParsedArguments): Arguments<Grammar> {
    switch (parsed.kind) {
      case 'none':
        return undefined;
      case 'raw':
        return this.one(parsed.value);
      case 'words':
        return this.many(parsed.words);
      case 'json':
        return parsed.words.map(({ text }) => text);
      case 'pairs':
        return parsed.pairs.map((pair) => this.pair(pair));
      case 'program':
        return parsed.program;
      case 'sources':
        return { sources: this.many(parsed.sources), destination: this.one(parsed.destination) };
      case 'choice':
        return { choice: parsed.choice, program: parsed.program };
      case 'sub-instruction':
        return { keyword: parsed.keyword, text: parsed.text };
    }
  }

  private many(words: readonly ArgumentWord[]): readonly string[] {
    if (this.expansion !== 'words') return words.map((word) => this.one(word));
    return words.flatMap((word) => this.located(word, () => {
      const expanded = expandWords(word.text, this.env, this.options);
      this.options.onVariables?.(expanded, word.range);
      return expanded.words;
    }));
  }

  private one(word: ArgumentWord): string {
    if (this.expansion === 'none') return word.text;
    return this.located(word, () => {
      const expanded = expandWord(word.text, this.env, this.options);
      this.options.onVariables?.(expanded, word.range);
      return expanded.value;
    });
  }

  private pair({ name, value, range }: ParsedPair): Pair {
    const expanded = this.one({ text: name, range });
    return value === undefined ? { name: expanded } : { name: expanded, value: this.one({ text: value, range }) };
  }

  private located<T>({ range }: ArgumentWord, expand: () => T): T {
    try {
      return expand();
    } catch (error) {
      if (error instanceof DockerfileError) error.range ??= range;
      throw error;
    }
  }
}
