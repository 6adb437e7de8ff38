import type { Readable } from 'node:stream';
import type { BuildOptions } from 'strake';
import type { BuildParameters } from './build-parameters';

/** Where a build's files come from: the archive that is the body, or what `remote` names. */
export function buildSource({ remote, dockerfile }: BuildParameters, body: unknown): Pick<BuildOptions, 'context' | 'dockerfile'> {
  return {
    context: remote ?? ({ tar: body as Readable } as unknown as string),
    ...(dockerfile === undefined ? {} : { dockerfile }),
  };
}
