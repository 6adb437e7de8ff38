import { OperatorError, StrakeError } from '@strake/api';

const PLACE_HINT = 'Name another store with --store or STRAKE_STORE, or run as the user that owns this one.';

/** Makes of a system error the error that the operator understands: PERMISSION or DISK_FULL. Others pass unchanged. */
export function storeError(error: unknown, root: string): unknown {
  if (error instanceof StrakeError) return error;
  const { code, path } = error as NodeJS.ErrnoException;
  const place = path ?? root;
  switch (code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EEXIST':
      return new OperatorError('PERMISSION', `no permission to use ${place} in the store ${root}`, { hint: PLACE_HINT, cause: error });
    case 'ENOSPC':
    case 'EDQUOT':
      return new OperatorError('DISK_FULL', `no space left for the store ${root}`, {
        hint: 'Free some space (strake prune removes what no image needs) or name a store elsewhere with --store or STRAKE_STORE.',
        cause: error,
      });
    default:
      return error;
  }
}

/** Runs file work of a store and explains its failures. */
export function withStoreErrors<T>(root: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storeError(error, root);
  }
}

/** Somebody else holds a lock that stands against ours. */
export function busy(root: string, doing: string, hint: string): OperatorError {
  return new OperatorError('STORE_BUSY', `cannot ${doing}: the store ${root} is in use by another process`, { hint });
}

/** The store's files are not what they must be. */
export function invalidStore(root: string, what: string, cause?: unknown): OperatorError {
  return new OperatorError('STORE_INVALID', `the store ${root} is not valid: ${what}`, {
    hint: 'Name another store with --store or STRAKE_STORE, or remove this one.',
    ...(cause === undefined ? {} : { cause }),
  });
}
