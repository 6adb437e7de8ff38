import { readFileSync } from 'node:fs';
import { OperatorError } from '@strake/api';

/** Why a program did not start: the Dockerfile's matter, with the exit code of a shell. */
export interface StartFailure {
  readonly exitCode: 126 | 127;
  /** As Docker words it. */
  readonly message: string;
}

const NOT_FOUND = /executable file .*not found|exec: .*no such file|exec container process .*no such file/i;
const FORMAT = /exec format error/i;
const NOT_EXECUTABLE = /open executable: |exec: .*(permission denied|is a directory)|exec container process .*permission denied/i;

/** Whether a text could be a runtime's message that a program did not start. */
export function looksLikeStartFailure(text: string): boolean {
  return [NOT_FOUND, FORMAT, NOT_EXECUTABLE].some((pattern) => pattern.test(text));
}

/** What a runtime wrote to its log in JSON lines: the messages of level error. */
export function loggedErrors(file: string): readonly string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { readonly level?: string; readonly msg?: string })
    .filter((entry) => entry.level === 'error')
    .map((entry) => entry.msg ?? '');
}

/**
 * Tells a program that could not be started (127 not found, 126 not executable) from a container that could not be made.
 * Throws RUNTIME_FAILED for the latter.
 */
export function startFailure(runtime: string, errors: readonly string[], program: string): StartFailure {
  const message = errors.join('; ');
  if (FORMAT.test(message)) return { exitCode: 126, message: `exec ${program}: exec format error` };
  if (NOT_FOUND.test(message)) return missingProgram(program);
  if (NOT_EXECUTABLE.test(message)) return { exitCode: 126, message: `exec: "${program}": permission denied` };
  throw new OperatorError('RUNTIME_FAILED', `${runtime} cannot run a container: ${message}`, {
    hint: 'STRAKE_RUNTIME=crun, runc or namespaces chooses another runtime',
  });
}

/** The failure of a program that is not there. */
export function missingProgram(program: string): StartFailure {
  const why = program.includes('/') ? `stat ${program}: no such file or directory` : 'executable file not found in $PATH';
  return { exitCode: 127, message: `exec: "${program}": ${why}` };
}
