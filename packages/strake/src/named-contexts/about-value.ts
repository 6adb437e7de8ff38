import { OperatorError, StrakeError } from '@strake/api';

/** How messages name what a flag gave; a password in it is not shown. */
export function shownValue(name: string, value: string): string {
  return `--build-context ${name}=${value.replace(/(:\/\/[^/@:]*):[^/@]*@/, '$1:***@')}`;
}

/** Errors of the work name the value that they are about. */
export async function aboutValue<T>(shown: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StrakeError) || error.code === 'CANCELLED' || error.range !== undefined) throw error;
    throw new OperatorError(error.code, `${shown}: ${error.message}`, { ...(error.hint === undefined ? {} : { hint: error.hint }), notes: error.notes, cause: error });
  }
}
