import { suggest } from '@strake/api';
import type { Command } from './argv/command';
import type { FlagSpecs, FlagValues } from './argv/flag';
import { parseCommandLine } from './argv/parse-command-line';
import { tokenize } from './argv/tokens';
import { UsageError } from './argv/usage-error';
import { globalFlags } from './commands/global-flags';
import { commands } from './commands/table';
import { exitCodes } from './exit-codes';
import { commandHelp, rootHelp } from './help/help-text';
import { loadLibrary, type Library } from './library';
import { reportError } from './report-error';
import { print, type Terminal } from './terminal';
import { version } from './version';

/** What a run of the command needs; tests give another library. */
export interface RunOptions {
  readonly signal: AbortSignal;
  /** Takes the second Ctrl-C; without it no command can. */
  readonly second?: () => AbortSignal;
  readonly library?: () => Promise<Library>;
}

/** Runs `strake` with the words after its name and gives the exit code. Never throws: errors are printed. */
export async function run(argv: readonly string[], terminal: Terminal, options: RunOptions): Promise<number> {
  const library = options.library ?? loadLibrary;
  const second = options.second ?? (() => new AbortController().signal);
  try {
    return await dispatch(argv, terminal, { ...options, second, library });
  } catch (error) {
    return reportError(error, terminal, library);
  }
}

const rootFlags = { ...globalFlags, version: { type: 'boolean', short: 'v', summary: 'Print version information and quit' } } as const satisfies FlagSpecs;

async function dispatch(argv: readonly string[], terminal: Terminal, { signal, second, library }: Required<RunOptions>): Promise<number> {
  // global flags may stand before the command: what they are decides which word is its name
  const first = tokenize(argv, rootFlags).find((token) => token.kind === 'argument');
  const leading = argv.slice(0, first?.index);
  if (first === undefined || first.value === 'help') return rootOnly(leading, argv.slice((first?.index ?? argv.length) + 1), terminal);
  const command = findCommand(first.value);
  const name = `strake ${command.name}`;
  const flagSpecs: FlagSpecs = { ...command.flags, ...globalFlags };
  const rest = argv.slice(first.index + 1);
  if (asksForHelp(rest, flagSpecs)) return help(commandHelp(command, globalFlags), terminal);
  const { flags, args } = parseCommandLine(name, [...leading, ...rest], flagSpecs);
  checkArguments(command, name, args);
  const { store, config, backend, 'backend-opt': backendOptions } = flags as FlagValues<typeof globalFlags>;
  return command.run({ flags, args, globals: { store, config, backend, backendOptions }, terminal, signal, second, library });
}

function rootOnly(flagWords: readonly string[], after: readonly string[], terminal: Terminal): number {
  const { flags } = parseCommandLine('strake', flagWords, rootFlags);
  if (flags.version) print(terminal, `strake version ${version}`);
  else print(terminal, after[0] === undefined ? rootHelp(commands, rootFlags) : commandHelp(findCommand(after[0]), globalFlags));
  return exitCodes.success;
}

function findCommand(name: string): Command {
  const found = commands.find((command) => command.name === name || command.aliases?.includes(name));
  if (found !== undefined) return found;
  const near = suggest(name, commands.filter((command) => command.hidden !== true).map((command) => command.name));
  throw new UsageError('strake', `unknown command: strake ${name}`, near === undefined ? undefined : `did you mean strake ${near}?`);
}

/** `--help` wins over everything else that is wrong with the line. */
function asksForHelp(words: readonly string[], flags: FlagSpecs): boolean {
  return tokenize(words, flags).some((token) => token.kind === 'flag' && token.name === 'help');
}

function help(text: string, terminal: Terminal): number {
  print(terminal, text);
  return exitCodes.success;
}

function checkArguments({ arguments: { min, max } }: Command, name: string, args: readonly string[]): void {
  if (args.length >= min && args.length <= max) return;
  const wanted = min === max ? String(min) : max === Infinity ? `at least ${min}` : `${min} to ${max}`;
  throw new UsageError(name, `'${name}' requires ${wanted === '0' ? 'no' : wanted} argument${wanted === '1' || wanted === 'at least 1' ? '' : 's'}, got ${args.length}`);
}
