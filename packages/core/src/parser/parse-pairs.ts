import { goQuote } from '@strake/api';
import type { Grammar } from '@strake/api';
import type { ArgumentSource } from './argument-source';
import type { ParsedPair } from './parsed-arguments';
import { splitQuoted } from './split-words';
import { isBlank } from './whitespace';

type PairsGrammar = Extract<Grammar, { readonly kind: 'pairs' }>;

/** Splits `name=value …`; the first word decides whether it is `name the value` instead, where the grammar has that. */
export function parsePairs(source: ArgumentSource, grammar: PairsGrammar, escape: string): readonly ParsedPair[] {
  const words = splitQuoted(source.text, escape);
  const first = words[0];
  if (first === undefined) return grammar.optional ? [] : source.failEmpty();
  if (grammar.legacy && !first.text.includes('=')) return [legacyPair(source)];
  return words.map(({ text, start, end }) => {
    const range = source.rangeOf(start, end);
    const equals = text.indexOf('=');
    if (equals === 0) source.fail(`${source.keyword} names can not be blank`, { range });
    if (equals > 0) return { name: text.slice(0, equals), value: text.slice(equals + 1), legacy: false, range };
    if (grammar.bare) return { name: text, legacy: false, range };
    return source.fail(`Syntax error - can't find = in ${goQuote(text)}. Must be of the form: name=value`, {
      range,
      hint: 'put values that hold blanks between quotes',
    });
  });
}

function legacyPair(source: ArgumentSource): ParsedPair {
  const { text } = source;
  let nameEnd = 0;
  while (nameEnd < text.length && !isBlank(text[nameEnd])) nameEnd += 1;
  let valueStart = nameEnd;
  while (isBlank(text[valueStart])) valueStart += 1;
  if (valueStart === text.length) source.fail(`${source.keyword} must have two arguments`, { hint: `write ${source.keyword} name=value` });
  return { name: text.slice(0, nameEnd), value: text.slice(valueStart), legacy: true, range: source.range };
}
