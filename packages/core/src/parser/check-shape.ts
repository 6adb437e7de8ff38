import type { Grammar, InstructionNode } from '@strake/api';
import { ArgumentSource } from './argument-source';
import { parsePairs } from './parse-pairs';
import { splitQuoted } from './split-words';
import { skipSpaces } from './whitespace';

/** Refuses what the reference's parser refuses before it knows what an instruction means: bad pairs, and arrays of other things than strings. */
export function checkShape(node: InstructionNode, grammar: Grammar, escape: string): void {
  const source = new ArgumentSource(node);
  switch (grammar.kind) {
    case 'pairs': {
      const words = splitQuoted(source.text, escape);
      const wellFormed = words.every(({ text }) => text.includes('='));
      if (grammar.legacy && words.length > 0 && !wellFormed) parsePairs(source, grammar, escape);
      return;
    }
    case 'words':
      if (grammar.json) source.json();
      return;
    case 'program':
    case 'json':
    case 'sources':
      source.json();
      return;
    case 'choice':
      source.json(source.text.slice(skipSpaces(source.text, /^\S*/.exec(source.text)?.[0].length)));
      return;
    default:
  }
}
