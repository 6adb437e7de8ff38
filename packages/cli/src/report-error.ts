import { CancelledError, StrakeError } from '@strake/api';
import { UsageError } from './argv/usage-error';
import { exitCodes } from './exit-codes';
import type { Library } from './library';
import { mayColor, type Terminal } from './terminal';

/** Prints what a command threw, once, on standard error, and gives the exit code that it means. */
export async function reportError(error: unknown, terminal: Terminal, library: () => Promise<Library>): Promise<number> {
  if (error instanceof UsageError) return usage(error, terminal);
  if (!(error instanceof StrakeError)) {
    terminal.stderr.write(`strake: ${error instanceof Error ? systemMessage(error) : String(error)}\n`);
    return exitCodes.failure;
  }
  const loaded = await library();
  // where there is a position it comes first, as compilers print it
  const who = error.range === undefined ? 'strake: ' : '';
  terminal.stderr.write(`${who}${loaded.formatError(error, { color: mayColor(terminal) })}\n`);
  if (error instanceof CancelledError || error.code === 'CANCELLED') return exitCodes.interrupted;
  return error.code === 'USAGE' || error.code === 'CONFIG_INVALID' ? exitCodes.usage : exitCodes.failure;
}

function usage({ command, message, hint }: UsageError, { stderr }: Terminal): number {
  stderr.write(`strake: ${message}${hint === undefined ? '' : `\nhint: ${hint}`}\n\nRun '${command} --help' for more information\n`);
  return exitCodes.usage;
}

/** A system error (no such file, no space) explains itself; anything else is a bug, and its stack says where. */
function systemMessage(error: Error): string {
  return 'syscall' in error ? error.message : (error.stack ?? error.message);
}
