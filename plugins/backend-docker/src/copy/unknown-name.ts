import { DockerfileError, type ApplyOptions } from '@strake/api';
import type { UnknownName } from '@strake/oci';
import type { FileTarget } from './file-target';

/** Warns of an owner's name that the image's files do not have; on nothing at all, where there cannot be such files, it is refused. Throws INVALID_FLAG. */
export function unknownName({ isEmpty }: Pick<FileTarget, 'isEmpty'>, options: ApplyOptions): UnknownName {
  return (kind, name) => {
    if (isEmpty) throw new DockerfileError('INVALID_FLAG', `invalid user index: there is no ${kind} ${name} in a stage from scratch`, { at: 'chown', hint: `give the ${kind}'s number` });
    options.warn?.({
      code: 'INVALID_FLAG',
      message: kind === 'user' ? `there is no user ${name} in /etc/passwd: root becomes the owner` : `there is no group ${name} in /etc/group: the user's own group is taken`,
      hint: `create the ${kind} in an earlier RUN, or give its number`,
    });
  };
}
