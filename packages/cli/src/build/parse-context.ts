import { UsageError } from '../argv/usage-error';

/** Checks the PATH of `build` and `plan`: a directory, a URL or a repository. Throws UsageError. */
export function parseContext(command: string, context: string): string {
  if (context === '') throw new UsageError(command, 'the path of the build context is empty', 'use . for the working directory');
  return context;
}
