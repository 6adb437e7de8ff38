import type { Command } from '../argv/command';
import type { CompletionSource, FlagSpec, FlagSpecs } from '../argv/flag';
import { tokenize } from '../argv/tokens';

/** What may stand in place of the last word: words that begin as it does, or a source that only the caller can ask. */
export interface Completion {
  readonly source: CompletionSource | undefined;
  /** What has been typed of the value. */
  readonly prefix: string;
  /** Stands before every candidate: `--target=`. */
  readonly before: string;
  /** `--file` as typed so far, for the stages of that Dockerfile. */
  readonly file?: string;
}

/** Decides what completes the last of `words` (all after `strake`). Pure: no file or store is read. */
export function completionFor(words: readonly string[], commands: readonly Command[], globals: FlagSpecs): Completion {
  const last = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const command = findCommand(before, commands, globals);
  const flags: FlagSpecs = { ...command?.flags, ...globals };
  const file = fileFlag(before, flags);
  const value = valueCompletion(before.at(-1), last, flags);
  if (value !== undefined) return { ...value, ...(file === undefined ? {} : { file }) };
  if (last.startsWith('-')) return { source: shownFlags(flags), prefix: last, before: '' };
  if (command === undefined) return { source: commands.filter((one) => one.hidden !== true).map((one) => one.name), prefix: last, before: '' };
  return { source: command.arguments.complete, prefix: last, before: '' };
}

function findCommand(words: readonly string[], commands: readonly Command[], globals: FlagSpecs): Command | undefined {
  const first = tokenize(words, globals).find((token) => token.kind === 'argument');
  return commands.find((command) => command.name === first?.value || command.aliases?.includes(first?.value ?? ''));
}

/** After `--flag`, `-f` or within `--flag=`: the flag's own source. */
function valueCompletion(previous: string | undefined, last: string, flags: FlagSpecs): Completion | undefined {
  const equals = last.startsWith('--') ? last.indexOf('=') : -1;
  if (equals > 0) {
    const flag = flagOf(last.slice(0, equals), flags);
    return flag === undefined ? undefined : { source: flag.choices ?? flag.complete, prefix: last.slice(equals + 1), before: last.slice(0, equals + 1) };
  }
  const flag = previous === undefined ? undefined : flagOf(previous, flags);
  if (flag === undefined || flag.type === 'boolean') return undefined;
  return { source: flag.choices ?? flag.complete, prefix: last, before: '' };
}

function flagOf(written: string, flags: FlagSpecs): FlagSpec | undefined {
  if (written.startsWith('--')) return Object.hasOwn(flags, written.slice(2)) ? flags[written.slice(2)] : undefined;
  return /^-.$/.test(written) ? Object.values(flags).find((flag) => flag.short === written[1]) : undefined;
}

function shownFlags(flags: FlagSpecs): readonly string[] {
  return Object.keys(flags).filter((name) => flags[name]?.refused === undefined).map((name) => `--${name}`);
}

function fileFlag(words: readonly string[], flags: FlagSpecs): string | undefined {
  const token = tokenize(words, flags).findLast((one) => one.kind === 'flag' && one.name === 'file');
  return token?.kind === 'flag' ? token.value : undefined;
}
