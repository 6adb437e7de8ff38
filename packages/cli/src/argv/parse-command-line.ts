import { suggest } from '@strake/api';
import { booleanValue } from './boolean-value';
import type { FlagSpec, FlagSpecs, FlagValues } from './flag';
import { tokenize } from './tokens';
import { UsageError } from './usage-error';

/** What a command line says: every flag of the specification has a value, the rest are arguments. */
export interface CommandLine<F extends FlagSpecs> {
  readonly flags: FlagValues<F>;
  readonly args: readonly string[];
}

/**
 * Parses the words after a command's name. Flags and arguments may be mixed; `--` ends the flags.
 * @param command for messages: `strake build`
 * @throws UsageError for an unknown, refused, incomplete or ill-valued flag
 */
export function parseCommandLine<F extends FlagSpecs>(command: string, args: readonly string[], flags: F): CommandLine<F> {
  const values: Record<string, string | boolean | string[] | undefined> = {};
  for (const [name, flag] of Object.entries(flags)) values[name] = flag.type === 'boolean' ? false : flag.type === 'list' ? [] : undefined;
  const rest: string[] = [];
  for (const token of tokenize(args, flags)) {
    if (token.kind === 'argument') {
      rest.push(token.value);
      continue;
    }
    const flag = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined;
    if (flag === undefined) throw unknownFlag(command, token.written, flags);
    if (flag.refused !== undefined) throw new UsageError(command, `${token.written} is not supported yet`, flag.refused);
    values[token.name] = flagValue(command, token.written, token.value, flag, values[token.name]);
  }
  return { flags: values as FlagValues<F>, args: rest };
}

function unknownFlag(command: string, written: string, flags: FlagSpecs): UsageError {
  const kind = written.startsWith('--') ? 'flag' : 'shorthand flag';
  const offered = Object.keys(flags).filter((name) => flags[name]?.refused === undefined);
  const near = written.startsWith('--') ? suggest(written.slice(2), offered) : undefined;
  return new UsageError(command, `unknown ${kind}: ${written}`, near === undefined ? undefined : `did you mean --${near}?`);
}

function flagValue(command: string, written: string, given: string | undefined, flag: FlagSpec, previous: unknown): string | boolean | string[] {
  const value = given ?? flag.bare;
  if (flag.type === 'boolean') {
    const meant = value === undefined ? true : booleanValue(value);
    if (meant === undefined) throw new UsageError(command, `invalid value "${value}" for ${written}`, 'a boolean flag takes true or false');
    return meant;
  }
  if (value === undefined) throw new UsageError(command, `flag needs an argument: ${written}`);
  if (flag.choices !== undefined && !flag.choices.includes(value)) {
    const near = suggest(value, flag.choices);
    const hint = `${near === undefined ? '' : `did you mean ${near}? `}allowed: ${flag.choices.join(', ')}`;
    throw new UsageError(command, `invalid value "${value}" for ${written}`, hint);
  }
  return flag.type === 'list' ? [...(previous as readonly string[]), value] : value;
}
