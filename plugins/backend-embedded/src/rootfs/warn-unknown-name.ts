import { DockerfileError } from '@strake/api';
import type { OpWork } from '../ops/apply-ops';
import type { UnknownName } from '@strake/oci';

/**
 * Warns of an owner's name that the image's files do not have. On nothing at all, where there cannot be such files, the name is
 * refused, as BuildKit does: throws INVALID_FLAG.
 */
export function warnUnknownName({ warn, request }: Pick<OpWork, 'warn' | 'request'>): UnknownName {
  return (kind, name) => {
    if (request.chain.ids.length === 0) throw onNothing(kind, name);
    warn({
      code: 'INVALID_FLAG',
      message: kind === 'user' ? `there is no user ${name} in /etc/passwd: root becomes the owner` : `there is no group ${name} in /etc/group: the user's own group is taken`,
      hint: `create the ${kind} in an earlier RUN, or give its number`,
    });
  };
}

function onNothing(kind: string, name: string): DockerfileError {
  return new DockerfileError('INVALID_FLAG', `invalid user index: there is no ${kind} ${name} in a stage from scratch`, { at: 'chown', hint: `give the ${kind}'s number` });
}
