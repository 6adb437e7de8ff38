import { OperatorError } from '@strake/api';
import { parseReference } from '@strake/oci';

/** A repository, normalised. Throws USAGE where one image of it is named. */
export function untagged(repository: string): string {
  const named = parseReference(repository);
  if (named.digest !== undefined || repository.indexOf(':', repository.lastIndexOf('/') + 1) >= 0) {
    throw new OperatorError('USAGE', `tag can't be used with --all-tags/-a`, { hint: 'Name the repository alone.' });
  }
  return named.repository;
}
