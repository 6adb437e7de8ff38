import type { IncomingMessage } from 'node:http';
import type { BuildOptions } from 'strake';
import { detached } from '../http/detached';
import { BODY_WINDOW, type ServerOptions } from '../server-options';
import type { BuildParameters } from './build-parameters';

/** Where a build's files come from: the archive that is the body, or what `remote` names. */
export function buildSource({ remote, dockerfile }: BuildParameters, body: IncomingMessage, { contextLimit, bodyWindow = BODY_WINDOW }: Pick<ServerOptions, 'contextLimit' | 'bodyWindow'>): Pick<BuildOptions, 'context' | 'contextLimit' | 'dockerfile'> {
  return {
    context: remote ?? { tar: detached(body, bodyWindow) },
    contextLimit,
    ...(dockerfile === undefined ? {} : { dockerfile }),
  };
}
