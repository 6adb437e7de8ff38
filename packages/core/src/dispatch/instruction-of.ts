import type { AnyInstructionDefinition, FlagNode, Grammar, HeredocNode, Instruction, InstructionNode } from '@strake/api';
import { expandArguments, type OnVariables } from '../expand/expand-arguments';
import { expandWord } from '../expand/expand-word';
import { parseArguments } from '../parser/parse-arguments';
import { typedFlags } from './typed-flags';

type Escape = '\\' | '`';

/**
 * The instruction that `lower` gets; without an environment nothing is expanded, as `check` wants it. Words are split by
 * the escape character `parsedBy`, which is not the file's for a trigger.
 */
export function instructionOf(
  node: InstructionNode,
  definition: AnyInstructionDefinition,
  env: ReadonlyMap<string, string> | undefined,
  escape: Escape,
  onVariables?: OnVariables,
  parsedBy: Escape = escape,
): Instruction {
  const expand = env === undefined ? undefined : (text: string, { range }: FlagNode) => {
    const expanded = expandWord(text, env, { escape });
    onVariables?.(expanded, range);
    return expanded.value;
  };
  const parsed = parseArguments(node, grammarOf(node, definition), parsedBy);
  const unexpanded = 'expand' in definition.args ? { ...definition.args, expand: 'none' as const } : definition.args;
  const ignored = definition.ignoresFlags?.(expandArguments(parsed, unexpanded, new Map<string, string>(), { escape })) === true;
  const flags = ignored ? {} : typedFlags(node.flags, definition, expand);
  const grammar = env === undefined ? unexpanded : definition.args;
  const args = expandArguments(parsed, grammar, env ?? new Map<string, string>(), { escape, ...(onVariables === undefined ? {} : { onVariables }) });
  const files = definition.args.kind === 'sources';
  const bodyOf = ({ content, expand: wanted, range }: HeredocNode): string => {
    if (!files || !wanted || env === undefined) return content;
    const body = expandWord(content, env, { escape: '\\', ignoreQuotes: true });
    onVariables?.(body, range);
    return body.value;
  };
  const heredocs = node.heredocs.map((heredoc) => {
    const { name, raw, written, fileDescriptor } = heredoc;
    return { name, content: bodyOf(heredoc), ...(raw === undefined ? {} : { raw }), written, fileDescriptor };
  });
  const text = [node.keyword, ...node.flags.map(({ raw }) => raw), node.text].join(' ').trim();
  // The table forgot the types of each definition's flags.
  return freezeDeep({ keyword: node.keyword, flags: flags as Instruction['flags'], args, heredocs, text });
}

/** The grammar of the arguments that an instruction has with its flags: some need none. */
function grammarOf({ flags }: InstructionNode, { args, flags: specs = {} }: AnyInstructionDefinition): Grammar {
  const alone = args.kind === 'pairs' && flags.some(({ name }) => Object.hasOwn(specs, name) && specs[name]?.alone === true);
  return alone ? { ...args, optional: true } : args;
}

/** Freezes plain data, all the way down. */
export function freezeDeep<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freezeDeep);
  }
  return value;
}
