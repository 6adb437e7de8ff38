import { UsageError } from '../argv/usage-error';
import type { BuildOptions } from '../library';
import type { Terminal } from '../terminal';

type Handler = NonNullable<BuildOptions['onStepFailed']>;
type Step = Parameters<Handler>[0];

/** Refuses `--debug-on-failure` where no shell could be used. Throws UsageError. */
export function checkDebug(command: string, progress: string, { stdin, stdout }: Terminal): void {
  if (progress === 'quiet' || progress === 'rawjson') throw new UsageError(command, `--debug-on-failure cannot be used with the progress ${progress}`);
  if ((stdin as { isTTY?: boolean }).isTTY === true && (stdout as { isTTY?: boolean }).isTTY === true) return;
  throw new UsageError(command, '--debug-on-failure needs a terminal', 'run it where standard input and output are one');
}

/** Opens a shell in what a failed step left. `quieten` ends the progress, which would write over it. */
export function debugShell({ stderr, env }: Terminal, quieten: () => void): Handler {
  return async (step) => {
    quieten();
    stderr.write(`\n${introduction(step).join('\n')}\n\n`);
    const { exitCode, stderr: why } = await step.exec([shellOf(step)], { terminal: true, env: { TERM: env['TERM'] ?? 'xterm' } });
    stderr.write(why === '' ? `\nThe shell ended with ${exitCode}; so does the build.\n` : `\nThere is no shell: ${why.trim()}\n`);
  };
}

function introduction({ name, exitCode, args, user, cwd, mounts, range }: Step): readonly string[] {
  const place = range === undefined ? '' : ` (${range.file}:${range.start.line})`;
  return [
    `${name}${place} failed with exit code ${exitCode}.`,
    'This is a shell in what it left, with its variables, network and mounts:',
    `  program    ${args.map((word) => (/^[\w./:=@%+-]+$/.test(word) ? word : JSON.stringify(word))).join(' ')}`,
    `  user       ${user === '' ? 'root' : user}`,
    `  directory  ${cwd}`,
    ...mounts.map(({ type, target }) => `  mount      ${type} ${target}`),
    'What is changed here is gone when the shell ends (exit, or Ctrl-D), and the build fails then.',
  ];
}

/** The one that ran the step, where one did. */
function shellOf({ args: [first = ''] }: Step): string {
  return /(?:^|\/)(?:[a-z]*sh)$/.test(first) ? first : '/bin/sh';
}
