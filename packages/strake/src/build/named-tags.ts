import { OperatorError, StrakeError } from '@strake/api';
import { formatReference, parseReference } from '@strake/oci';

/** The names of `--tag`, normalised. A bad one is a mistake of the command line: throws USAGE. */
export function namedTags(tags: readonly string[]): readonly string[] {
  return tags.map((tag) => {
    try {
      return formatReference(parseReference(tag));
    } catch (error) {
      if (!(error instanceof StrakeError)) throw error;
      throw new OperatorError('USAGE', `--tag: ${error.message}`, { cause: error, ...(error.hint === undefined ? {} : { hint: error.hint }) });
    }
  });
}
