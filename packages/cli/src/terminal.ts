import type { Readable, Writable } from 'node:stream';

/** The process as a command sees it; tests give their own. */
export interface Terminal {
  readonly stdin: Readable;
  /** Results only: an image ID, a table, JSON. */
  readonly stdout: Writable & { readonly isTTY?: boolean };
  /** Progress, warnings and errors. */
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
}

/** The terminal of this process. Standard input is opened when it is asked for: most commands read none. */
export function processTerminal(): Terminal {
  return { get stdin() { return process.stdin; }, stdout: process.stdout, stderr: process.stderr, env: process.env, cwd: process.cwd() };
}

/** Whether errors may be coloured: standard error is a terminal and neither NO_COLOR nor TERM=dumb forbids it (no-color.org). */
export function mayColor(terminal: Terminal): boolean {
  const { NO_COLOR, TERM } = terminal.env;
  return terminal.stderr.isTTY === true && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb';
}

/** Writes one line of result to standard output. */
export function print(terminal: Terminal, line: string): void {
  terminal.stdout.write(`${line}\n`);
}
