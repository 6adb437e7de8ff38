import type { Readable } from 'node:stream';
import type { BuildOptions } from 'strake';
import { detached } from '../http/detached';
import type { BuildParameters } from './build-parameters';

/** Where a build's files come from: the archive that is the body, or what `remote` names. */
export function buildSource({ remote, dockerfile }: BuildParameters, body: unknown, contextLimit: number): Pick<BuildOptions, 'context' | 'contextLimit' | 'dockerfile'> {
  return {
    context: remote ?? { tar: detached(body as Readable) },
    contextLimit,
    ...(dockerfile === undefined ? {} : { dockerfile }),
  };
}
