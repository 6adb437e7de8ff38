import type { AnyInstructionDefinition, Dockerfile, HeredocNode, InstructionNode, SourceRange } from '@strake/api';
import { subInstructionOf } from '../parser/instruction-node';
import { parseArguments } from '../parser/parse-arguments';
import { describeArguments, formOf } from './describe-arguments';
import type { DockerfileDescription, HeredocDescription, InstructionDescription, RangeDescription } from './dockerfile-description';

type Table = ReadonlyMap<string, AnyInstructionDefinition>;

/**
 * A parsed Dockerfile as plain data for other tools. A keyword that the table does not have keeps its words. Throws a
 * `DockerfileError` for arguments that the keyword's grammar does not take; flags are not checked.
 */
export function describeDockerfile(dockerfile: Dockerfile, table: Table): DockerfileDescription {
  const { file, escape, directives, instructions, warnings } = dockerfile;
  return {
    schema: 1,
    file,
    escape,
    directives: directives.map(({ key, value, range }) => ({ key, value, range: place(range) })),
    instructions: instructions.map((node) => describeInstruction(node, table, escape)),
    warnings: warnings.map(({ code, message, hint, range }) => ({
      code, message, ...(hint === undefined ? {} : { hint }), ...(range === undefined ? {} : { range: place(range) }),
    })),
  };
}

function describeInstruction(node: InstructionNode, table: Table, escape: '\\' | '`'): InstructionDescription {
  const definition = table.get(node.keyword);
  const grammar = definition?.args ?? { kind: 'words', json: node.json !== undefined };
  const parsed = parseArguments(node, grammar, escape);
  // Only a grammar that has both forms tells which was written.
  const form = grammar.kind === 'words' && grammar.json !== true ? undefined : formOf(parsed);
  return {
    keyword: node.keyword,
    written: node.written,
    known: definition !== undefined,
    flags: node.flags.map(({ name, value, range }) => ({ name, ...(value === undefined ? {} : { value }), range: place(range) })),
    arguments: describeArguments(parsed),
    ...(form === undefined ? {} : { form }),
    heredocs: node.heredocs.map(describeHeredoc),
    ...(parsed.kind === 'sub-instruction' ? { instruction: describeInstruction(subInstructionOf(node, escape), table, escape) } : {}),
    original: node.original,
    comments: node.comments,
    range: place(node.range),
  };
}

function describeHeredoc({ name, content, expand, chomp, fileDescriptor, range }: HeredocNode): HeredocDescription {
  return { name, content, expand, chomp, fileDescriptor, range: place(range) };
}

function place({ start, end }: SourceRange): RangeDescription {
  return { start, end };
}
