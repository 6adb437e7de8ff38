import type { Call } from '../build/parse-call';
import { exitCodes } from '../exit-codes';
import type { Builder, BuildOptions, CheckResult } from '../library';
import { lintText } from '../output/lint-text';
import { outlineText } from '../output/outline-text';
import { targetsText } from '../output/targets-text';
import { warningText } from '../progress/warning-text';
import { print, type Terminal } from '../terminal';

/** Answers `--call` and gives the exit code: 1 for violations, as buildx does. Throws what is wrong with the file. */
export async function runCall({ name, format, ignoreStatus }: Call, builder: Builder, options: BuildOptions, terminal: Terminal): Promise<number> {
  const json = (value: unknown): void => print(terminal, JSON.stringify(value, null, 2));
  switch (name) {
    case 'outline': {
      const outline = await builder.outline(options);
      if (format === 'json') json(outline);
      else terminal.stdout.write(outlineText(outline));
      return exitCodes.success;
    }
    case 'targets': {
      const targets = await builder.targets(options);
      if (format === 'json') json(targets);
      else terminal.stdout.write(targetsText(targets));
      return exitCodes.success;
    }
    case 'check': {
      const result = await builder.check(options);
      if (format === 'json') json(result.lint);
      else terminal.stdout.write(lintText(result));
      return endCheck(result, terminal, ignoreStatus);
    }
  }
}

/** What follows a check's output: notes and the error on standard error, and the exit code. */
export function endCheck({ notes, error, violations }: CheckResult, terminal: Terminal, ignoreStatus: boolean): number {
  for (const note of notes) terminal.stderr.write(`${warningText(note)}\n`);
  if (error !== undefined) throw error;
  return violations.length === 0 || ignoreStatus ? exitCodes.success : exitCodes.failure;
}
