import { DockerfileError, parseGoDuration } from '@strake/api';
import type { AnyInstructionDefinition, ErrorCode, FlagNode, FlagSpec } from '@strake/api';
import { suggest } from '../print/suggest';

type Value = boolean | string | number;

/** Expands a flag's value. */
type Expand = (text: string, node: FlagNode) => string;

/** The flags of an instruction, typed. `expand` is applied to values that the definition wants expanded. */
export function typedFlags(
  nodes: readonly FlagNode[],
  definition: AnyInstructionDefinition,
  expand: Expand | undefined,
): Readonly<Record<string, Value | readonly string[]>> {
  const flags: Record<string, Value | string[]> = {};
  const seen = new Set<string>();
  for (const node of nodes) {
    if (node.raw === '--') break;
    const spec = specOf(node, definition);
    if (seen.has(node.name) && spec.type !== 'strings') fail(node, 'INVALID_FLAG', `duplicate flag specified: --${node.name}`);
    seen.add(node.name);
    const value = typed(node, spec, expand);
    // A number that variables are yet to be put into.
    if (value === undefined) continue;
    if (spec.type === 'strings') flags[node.name] = [...((flags[node.name] as string[] | undefined) ?? []), String(value)];
    else flags[node.name] = value;
  }
  return flags;
}

function specOf(node: FlagNode, { keyword, flags = {}, refusedFlags = {} }: AnyInstructionDefinition): FlagSpec {
  const spec = Object.hasOwn(flags, node.name) ? flags[node.name] : undefined;
  if (spec !== undefined) return spec;
  if (Object.hasOwn(refusedFlags, node.name)) {
    return fail(node, 'UNSUPPORTED', `${keyword} --${node.name} is not supported yet`, `it asks for ${refusedFlags[node.name]}`);
  }
  const near = suggest(node.name, Object.keys(flags));
  return fail(node, 'UNKNOWN_FLAG', `unknown flag: --${node.name}`, near === undefined ? undefined : `did you mean --${near}?`, `${keyword} --${node.name}`);
}

function typed(node: FlagNode, spec: FlagSpec, expand: Expand | undefined): Value | undefined {
  if (spec.type === 'boolean') return booleanOf(node);
  if (node.value === undefined) return fail(node, 'INVALID_FLAG', `missing a value on flag: --${node.name}`);
  const open = spec.expand === 'word' && expand === undefined && node.value.includes('$');
  const value = spec.expand === 'word' && expand !== undefined ? expand(node.value, node) : node.value;
  const isNumber = spec.type === 'duration' || spec.type === 'integer';
  if (open) return isNumber ? undefined : value;
  const result = isNumber ? numberOf(node, spec.type, value) : value;
  const wrong = spec.check?.(value);
  if (wrong !== undefined) fail(node, 'INVALID_FLAG', wrong);
  return result;
}

function booleanOf(node: FlagNode): boolean {
  if (node.value === '') fail(node, 'INVALID_FLAG', `missing a value on flag: --${node.name}`);
  const text = (node.value ?? 'true').toLowerCase();
  if (text === 'true' || text === 'false') return text === 'true';
  return fail(node, 'INVALID_FLAG', `expecting boolean value for flag --${node.name}, not: ${node.value}`);
}

function numberOf(node: FlagNode, type: 'duration' | 'integer', value: string): number {
  if (value === '') return 0;
  const number = type === 'duration' ? parseGoDuration(value) : /^[+-]?\d+$/.test(value) ? Number(value) : undefined;
  if (number !== undefined) return number;
  return fail(node, 'INVALID_FLAG', type === 'duration' ? `time: invalid duration "${value}"` : `invalid number "${value}" for --${node.name}`);
}

function fail(node: FlagNode, code: ErrorCode, message: string, hint?: string, at?: string): never {
  throw new DockerfileError(code, message, { range: node.range, ...(hint === undefined ? {} : { hint }), ...(at === undefined ? {} : { at }) });
}
