import { goQuote } from '@strake/api';
import type { Dockerfile, Grammar, InstructionNode, ProgramText } from '@strake/api';
import { subInstructionOf } from '../parser/instruction-node';
import { parseArguments } from '../parser/parse-arguments';
import type { ParsedArguments } from '../parser/parsed-arguments';
import { DIALECT } from './dialect';

/** A Dockerfile as the reference's s-expressions, a line an instruction. */
export function dump({ instructions, escape }: Dockerfile): string {
  return instructions.map((node) => `(${dumpNode(node, escape)})\n`).join('');
}

function dumpNode(node: InstructionNode, escape: '\\' | '`'): string {
  const flags = node.flags.length > 0 ? [`[${node.flags.map(({ raw }) => goQuote(raw)).join(' ')}]`] : [];
  const grammar = DIALECT.get(node.keyword);
  if (grammar === undefined) return [node.written.toLowerCase(), ...flags, '""'].join(' ');
  // An empty instruction is the instruction's business to the reference, not the parser's.
  const parsed = node.text === '' ? undefined : parseArguments(node, grammar, escape);
  if (parsed?.kind === 'sub-instruction') return `${node.written.toLowerCase()} (${dumpNode(subInstructionOf(node, escape), escape)})`;
  return [node.written.toLowerCase(), ...flags, ...(parsed === undefined ? [] : strings(parsed, grammar).map(goQuote))].join(' ');
}

function strings(parsed: ParsedArguments, grammar: Grammar): readonly string[] {
  switch (parsed.kind) {
    case 'raw':
      return [parsed.value.text];
    case 'words':
    case 'json':
      return parsed.words.map(({ text }) => text);
    case 'pairs':
      if (grammar.kind === 'pairs' && grammar.bare) return parsed.pairs.map(({ name, value }) => (value === undefined ? name : `${name}=${value}`));
      return parsed.pairs.flatMap(({ name, value, legacy }) => [name, value ?? '', legacy ? '' : '=']);
    case 'program':
      return programStrings(parsed.program);
    case 'sources':
      return [...parsed.sources, parsed.destination].map(({ text }) => text);
    case 'choice':
      return [parsed.choice, ...programStrings(parsed.program)];
    default:
      return [];
  }
}

function programStrings(program: ProgramText | undefined): readonly string[] {
  if (program === undefined) return [];
  return program.form === 'exec' ? program.words : [program.text];
}
