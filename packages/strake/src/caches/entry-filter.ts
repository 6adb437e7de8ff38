import { OperatorError, suggest } from '@strake/api';
import type { UsageEntry, UsageType } from '@strake/oci';
import { parseDuration } from '../parse-duration';

type Filter = (entry: UsageEntry) => boolean;

const TYPES: readonly UsageType[] = ['step', 'base', 'source', 'mount', 'layer', 'image'];
/** What BuildKit calls them. */
const ALIASES: Readonly<Record<string, readonly UsageType[]>> = {
  regular: ['step', 'base'], internal: ['layer'], frontend: [], 'source.local': [], 'source.git.checkout': ['source'], 'exec.cachemount': ['mount'],
};
const KEYS = ['type', 'id', 'description', 'parents', 'inuse', 'until', 'unused-for'];

/**
 * What filters let through, all of them: `key=value`, `key!=value`, and `key~=expression` with a regular expression. `until` and `unused-for` are
 * durations, as docker has them. Throws USAGE for what is none.
 */
export function entryFilter(filters: readonly string[], now: number): Filter {
  const all = filters.map((filter) => readFilter(filter, now));
  return (entry) => all.every((matches) => matches(entry));
}

function readFilter(written: string, now: number): Filter {
  const [, key = '', operator = '=', value = 'true'] = /^([a-z-]+)(?:(!=|~=|=)(.*))?$/s.exec(written) ?? [];
  if (!KEYS.includes(key)) throw refused(written, key);
  if (key === 'until' || key === 'unused-for') return unusedFor(written, value, now);
  if (key === 'type' && operator !== '~=') checkType(written, value);
  const compare = comparison(written, operator, value);
  return (entry) => compare(valuesOf(entry, key, value));
}

function unusedFor(written: string, value: string, now: number): Filter {
  const seconds = parseDuration(value);
  if (seconds === undefined) throw new OperatorError('USAGE', `--filter ${written}: "${value}" is no duration`, { hint: 'Write 90m, 24h or 7d.' });
  return ({ used }) => now - used >= seconds * 1000;
}

function comparison(written: string, operator: string, value: string): (found: readonly string[]) => boolean {
  if (operator === '=') return (found) => found.includes(value);
  if (operator === '!=') return (found) => !found.includes(value);
  const expression = expressionOf(written, value);
  return (found) => found.some((one) => expression.test(one));
}

function expressionOf(written: string, value: string): RegExp {
  try {
    return new RegExp(value);
  } catch (cause) {
    throw new OperatorError('USAGE', `--filter ${written}: "${value}" is no regular expression`, { cause });
  }
}

/** What is compared; a name of BuildKit's stands for those types. */
function valuesOf({ type, id, description, parents, inUse }: UsageEntry, key: string, wanted: string): readonly string[] {
  if (key === 'type') return ALIASES[wanted]?.includes(type) === true ? [type, wanted] : [type];
  if (key === 'id') return [id];
  if (key === 'parents') return parents;
  return [key === 'inuse' ? String(inUse) : description];
}

function checkType(written: string, value: string): void {
  const known = [...TYPES, ...Object.keys(ALIASES)];
  if (known.includes(value)) return;
  const near = suggest(value, known);
  throw new OperatorError('USAGE', `--filter ${written}: there is no type "${value}"`, { hint: near === undefined ? `Known: ${known.join(', ')}.` : `Did you mean ${near}?` });
}

function refused(written: string, key: string): OperatorError {
  const near = suggest(key, KEYS);
  return new OperatorError('USAGE', `--filter ${written}: unknown filter`, { hint: near === undefined ? `Known: ${KEYS.join(', ')}.` : `Did you mean ${near}?` });
}
