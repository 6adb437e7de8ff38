import { readFileSync } from 'node:fs';
import { OperatorError } from '@strake/api';

const NOT_FOUND = /executable file .*not found|exec: .*no such file|exec container process .*no such file/i;
const NOT_EXECUTABLE = /open executable: |exec: .*permission denied|exec container process .*(format error|permission denied)/i;

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
 * Tells a program that could not be started (the Dockerfile's matter: 127 not found, 126 not executable, as in a shell)
 * from a container that could not be made. Throws RUNTIME_FAILED for the latter.
 */
export function startFailure(runtime: string, errors: readonly string[]): 126 | 127 {
  const message = errors.join('; ');
  if (NOT_FOUND.test(message)) return 127;
  if (NOT_EXECUTABLE.test(message)) return 126;
  throw new OperatorError('RUNTIME_FAILED', `${runtime} cannot run a container: ${message}`, {
    hint: 'STRAKE_RUNTIME=crun or runc chooses another runtime',
  });
}
