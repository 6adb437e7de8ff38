import { goQuote } from '@strake/api';
import type { Grammar, InstructionNode, ProgramText } from '@strake/api';
import { ArgumentSource } from './argument-source';
import { isHeredocWord } from './heredoc-word';
import { subInstructionOf } from './instruction-node';
import { parsePairs } from './parse-pairs';
import type { ParsedArguments } from './parsed-arguments';
import { isSpace, skipSpaces } from './whitespace';

type Of<K extends Grammar['kind']> = Extract<Grammar, { readonly kind: K }>;
type Parsed<K extends Grammar['kind']> = Extract<ParsedArguments, { readonly kind: K }>;

/**
 * Splits an instruction's arguments by its grammar; nothing is expanded. Throws a `DockerfileError` INVALID_ARGUMENTS
 * with a range and the reference's text.
 */
export function parseArguments(node: InstructionNode, grammar: Grammar, escape: '\\' | '`'): ParsedArguments {
  const source = new ArgumentSource(node);
  switch (grammar.kind) {
    case 'none':
      return source.text === '' ? { kind: 'none' } : source.fail(`${source.keyword} takes no arguments`);
    case 'raw':
      return parseRaw(source, grammar);
    case 'words':
      return parseWords(source, grammar);
    case 'json':
      return parseJson(source, grammar);
    case 'pairs':
      return { kind: 'pairs', pairs: parsePairs(source, grammar, escape) };
    case 'program':
      return parseProgram(source, grammar);
    case 'sources':
      return parseSources(source);
    case 'choice':
      return parseChoice(source, grammar);
    case 'sub-instruction':
      return parseSubInstruction(source, grammar, escape);
  }
}

function parseRaw(source: ArgumentSource, grammar: Of<'raw'>): Parsed<'raw'> {
  if (source.text === '' && !grammar.optional) source.fail(`${source.keyword} requires exactly one argument`);
  return { kind: 'raw', value: { text: source.text, range: source.range } };
}

function parseWords(source: ArgumentSource, { json, sort, min = 0, max = Infinity }: Of<'words'>): Parsed<'words'> {
  const strings = json ? source.jsonWords() : undefined;
  const words = strings ?? source.words();
  const wrong = words.length < min || words.length > max;
  if (wrong && min === max) source.fail(`${source.keyword} requires exactly ${counted(min)}`);
  if (words.length < min) source.fail(`${source.keyword} requires at least ${counted(min)}`);
  if (words.length > max) source.fail(`${source.keyword} takes at most ${counted(max)}`);
  return { kind: 'words', words: sort ? words.toSorted((left, right) => Buffer.compare(Buffer.from(left.text), Buffer.from(right.text))) : words, json: strings !== undefined };
}

function counted(count: number): string {
  if (count === 1) return 'one argument';
  return `${count === 2 ? 'two' : count === 3 ? 'three' : count} arguments`;
}

function parseJson(source: ArgumentSource, { min = 0 }: Of<'json'>): Parsed<'json'> {
  const words = source.jsonWords();
  if (source.text === '' || (words !== undefined && words.length < min)) source.failEmpty();
  if (words === undefined) {
    const hint = `write ${source.keyword} ["word", "word"]`;
    return source.fail(`${source.keyword} requires the arguments to be in JSON form`, { hint });
  }
  return { kind: 'json', words };
}

function parseProgram(source: ArgumentSource, grammar: Of<'program'>): Parsed<'program'> {
  if (source.text === '' && !grammar.optional) source.failEmpty();
  return { kind: 'program', program: programOf(source, source.text) };
}

function programOf(source: ArgumentSource, text: string): ProgramText {
  const words = source.json(text);
  return words === undefined ? { form: 'shell', text } : { form: 'exec', words };
}

function parseSources(source: ArgumentSource): Parsed<'sources'> {
  const strings = source.jsonWords();
  const words = strings ?? source.words();
  const destination = words.at(-1);
  if (destination === undefined || words.length < 2) {
    const message = `${source.keyword} requires at least two arguments, but only one was provided. Destination could not be determined`;
    return source.fail(message, { hint: `write ${source.keyword} <source> <destination>` });
  }
  if (isHeredocWord(destination.text)) source.fail(`${source.keyword} cannot accept a heredoc as a destination`, { range: destination.range });
  const sources = words.slice(0, -1).filter(({ text }) => !isHeredocWord(text));
  return { kind: 'sources', sources, destination, json: strings !== undefined };
}

function parseChoice(source: ArgumentSource, { choices }: Of<'choice'>): Parsed<'choice'> {
  const { text } = source;
  if (text === '') source.failEmpty();
  let end = 0;
  while (end < text.length && !isSpace(text[end])) end += 1;
  const choice = text.slice(0, end).toUpperCase();
  if (!choices.includes(choice)) {
    source.fail(`Unknown type ${goQuote(choice)} in ${source.keyword} (try ${choices[0] ?? 'nothing'})`, { range: source.rangeOf(0, end) });
  }
  const rest = text.slice(skipSpaces(text, end));
  return { kind: 'choice', choice, program: rest === '' ? undefined : programOf(source, rest) };
}

function parseSubInstruction(source: ArgumentSource, { refuse = [] }: Of<'sub-instruction'>, escape: string): Parsed<'sub-instruction'> {
  const { node, keyword } = source;
  if (source.text === '') source.failEmpty();
  const inner = subInstructionOf(node, escape);
  const range = inner.keywordRange;
  if (inner.keyword === keyword) source.fail(`Chaining ${keyword} via \`${keyword} ${keyword}\` isn't allowed`, { range });
  if (refuse.includes(inner.keyword)) source.fail(`${inner.keyword} isn't allowed as an ${keyword} trigger`, { range });
  const bodies = node.heredocs.map(({ content, name }) => `\n${content}${name}`);
  // As the reference: blanks at the end stay, the dashes that end flags too.
  const written = node.original.slice(skipSpaces(node.original) + node.written.length);
  return { kind: 'sub-instruction', keyword: inner.keyword, text: written.slice(skipSpaces(written)) + bodies.join('') };
}
