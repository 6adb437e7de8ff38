import { OperatorError, StrakeError } from '@strake/api';
import { badArchive } from '../tar/decode-header';

/** Explains a system error met while packing or unpacking: DISK_FULL, PERMISSION, UNSUPPORTED or, for names that cannot be, IMAGE_INVALID. Others pass unchanged. */
export function layerError(error: unknown, doing: string): unknown {
  if (error instanceof StrakeError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new OperatorError('DISK_FULL', `no space left while ${doing}`, { hint: 'Free some space: strake prune removes what no image needs.', cause: error });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new OperatorError('PERMISSION', `not permitted while ${doing}: ${message}`, {
        hint: 'Owners, devices and attributes of layers need root, or a user namespace that maps them.',
        cause: error,
      });
    case 'ENOTSUP':
    case 'EOPNOTSUPP':
      return new OperatorError('UNSUPPORTED', `the file system cannot hold what a layer needs while ${doing}: ${message}`, { cause: error });
    case 'ENAMETOOLONG':
      return badArchive('a name is longer than file systems allow');
    default:
      return error;
  }
}

/** Runs file work of a layer and explains its failures. */
export function withLayerErrors<T>(doing: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw layerError(error, doing);
  }
}
