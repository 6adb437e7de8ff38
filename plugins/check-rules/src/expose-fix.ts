import { wordsOf, type Fix, type InstructionFacts, type SourceRange } from '@strake/api';

/** Where a port stands, and the fix that writes it otherwise; nothing for one that came out of a variable or of a trigger. */
export function exposeFix({ node, trigger }: InstructionFacts, port: string, instead: string): { readonly range?: SourceRange; readonly fix?: Fix } {
  const word = trigger ? undefined : wordsOf(node).find(({ text }) => text === port);
  if (word === undefined) return {};
  return { range: word.range, fix: { title: `write ${instead}`, edits: [{ range: word.range, text: instead }] } };
}
