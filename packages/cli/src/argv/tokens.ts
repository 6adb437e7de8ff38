import { parseArgs } from 'node:util';
import type { FlagSpecs } from './flag';

/** One word or pair of words of the command line, understood but not judged. `index` is its place in the arguments. */
export type ArgvToken =
  | { readonly kind: 'flag'; readonly index: number; /** Long name; as written when unknown. */ readonly name: string; /** With dashes. */ readonly written: string; readonly value: string | undefined }
  | { readonly kind: 'argument'; readonly index: number; readonly value: string };

/** Splits a command line with the flags that are known: groups of short flags, attached values and `--` are resolved. Never fails. */
export function tokenize(args: readonly string[], flags: FlagSpecs): readonly ArgvToken[] {
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, parserOption(flag)])),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  return tokens.flatMap((token): ArgvToken[] => {
    if (token.kind === 'option-terminator') return [];
    if (token.kind === 'positional') return [{ kind: 'argument', index: token.index, value: token.value }];
    return [{ kind: 'flag', index: token.index, name: token.name, written: token.rawName, value: flagValue(token) }];
  });
}

function parserOption(flag: FlagSpecs[string]): { type: 'boolean' | 'string'; multiple: true; short?: string } {
  return { type: flag.type === 'boolean' || flag.bare !== undefined ? 'boolean' : 'string', multiple: true, ...(flag.short === undefined ? {} : { short: flag.short }) };
}

function flagValue(token: { readonly rawName: string; readonly value?: string | undefined; readonly inlineValue?: boolean | undefined }): string | undefined {
  // `-f=name` is `-f name` to docker; the parser leaves the sign in the value
  const attached = token.inlineValue === true && !token.rawName.startsWith('--');
  return attached ? token.value?.replace(/^=/, '') : token.value;
}
