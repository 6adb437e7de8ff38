import type { ProgramText } from '@strake/api';
import type { ParsedArguments } from '../parser/parsed-arguments';
import type { ArgumentWord } from '../parser/split-words';
import type { ArgumentsDescription, ArgumentsForm, ProgramDescription } from './dockerfile-description';

/** Parsed arguments without their places. */
export function describeArguments(parsed: ParsedArguments): ArgumentsDescription {
  switch (parsed.kind) {
    case 'none':
    case 'sub-instruction':
      return parsed;
    case 'raw':
      return { kind: 'raw', text: parsed.value.text };
    case 'words':
    case 'json':
      return { kind: parsed.kind, words: parsed.words.map(textOf) };
    case 'pairs':
      return { kind: 'pairs', pairs: parsed.pairs.map(({ name, value }) => (value === undefined ? { name } : { name, value })) };
    case 'program':
      return { kind: 'program', ...describeProgram(parsed.program) };
    case 'sources':
      return { kind: 'sources', sources: parsed.sources.map(textOf), destination: parsed.destination.text };
    case 'choice':
      return { kind: 'choice', choice: parsed.choice, ...describeProgram(parsed.program) };
  }
}

/** Whether parsed arguments were a JSON array; undefined where they could not have been another thing. */
export function formOf(parsed: ParsedArguments): ArgumentsForm | undefined {
  switch (parsed.kind) {
    case 'words':
    case 'sources':
      return parsed.json ? 'json' : 'shell';
    case 'json':
      return 'json';
    case 'program':
    case 'choice':
      return parsed.program && (parsed.program.form === 'exec' ? 'json' : 'shell');
    default:
      return undefined;
  }
}

function describeProgram(program: ProgramText | undefined): ProgramDescription {
  if (program === undefined) return {};
  return program.form === 'exec' ? { words: program.words } : { text: program.text };
}

function textOf({ text }: ArgumentWord): string {
  return text;
}
