import { DockerfileError } from '@strake/api';

/** A file is not any more what the cache key says. */
export function changed(path: string, cause?: unknown): DockerfileError {
  return new DockerfileError('CONTEXT_INVALID', `"${path}" changed while it was copied`, {
    hint: 'build again when nothing writes to the build context',
    ...(cause === undefined ? {} : { cause }),
  });
}
