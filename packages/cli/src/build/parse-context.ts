import { UsageError } from '../argv/usage-error';

const remote = /^(https?:\/\/|git:\/\/|git@|ssh:\/\/|github\.com\/)/;

/** Checks the PATH of `build` and `plan`: a directory. What docker also takes there is refused by name. Throws UsageError. */
export function parseContext(command: string, context: string): string {
  if (context === '') throw new UsageError(command, 'the path of the build context is empty', 'use . for the working directory');
  if (remote.test(context)) throw new UsageError(command, `a remote build context is not supported yet: ${context}`, 'fetch it first and give the directory');
  return context;
}
