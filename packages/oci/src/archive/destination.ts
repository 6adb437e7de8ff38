import { OperatorError, StrakeError } from '@strake/api';
import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';

/** A free name beside a destination: on its file system, so that it can be renamed into place. */
export function besideDestination(destination: string): string {
  return join(dirname(destination), `.${basename(destination)}.${randomBytes(6).toString('hex')}.partial`);
}

/** Makes of a system error the error that the operator understands. Others pass unchanged. */
export function destinationError(error: unknown, destination: string): unknown {
  if (error instanceof StrakeError) return error;
  const cannot = `cannot write ${destination}`;
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new OperatorError('USAGE', `${cannot}: there is no folder ${dirname(destination)}`, { hint: 'Make it, or name another destination.', cause: error });
    case 'EISDIR':
      return new OperatorError('USAGE', `${cannot}: it is a folder`, { hint: 'Name a file, or write a folder with tar=false.', cause: error });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new OperatorError('PERMISSION', `${cannot}: no permission`, { hint: 'Name a destination that you may write to.', cause: error });
    case 'ENOSPC':
    case 'EDQUOT':
      return new OperatorError('DISK_FULL', `${cannot}: no space left`, { hint: 'Free some space or name another destination.', cause: error });
    default:
      return error;
  }
}

/** Runs file work at a destination and explains its failures. */
export function attempt<T>(destination: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw destinationError(error, destination);
  }
}
