import { DockerfileError } from '@strake/api';

/** Something stands in the way of a copy. */
export function conflict(message: string): DockerfileError {
  return new DockerfileError('INVALID_ARGUMENTS', message, { hint: 'copy to another path, or remove what is there in an earlier RUN' });
}
