import { CancelledError, OperatorError, StrakeError } from '@strake/api';
import type { EngineAddress } from './engine-address';

/** An engine that said no. Its status tells callers what they can do about it. */
export class EngineError extends OperatorError {
  /** HTTP. */
  readonly status: number;
  /** What the engine said, alone. */
  readonly said: string;

  constructor(status: number, what: string, said: string) {
    super('ENGINE_FAILED', `the Docker Engine could not ${what}: ${said}`, /no space left on device/.test(said) ? { hint: 'Its disk is full: docker system df shows what takes the room.' } : {});
    this.status = status;
    this.said = said;
  }
}

/** Whether an error is the engine's with a status. */
export const hasStatus = (error: unknown, ...statuses: readonly number[]): error is EngineError => error instanceof EngineError && statuses.includes(error.status);

/** What a request that got no answer means. */
export function connectionError(error: unknown, address: EngineAddress, signal?: AbortSignal): StrakeError {
  if (error instanceof StrakeError) return error;
  if (signal?.aborted === true) return new CancelledError({ cause: error });
  const { code, message } = error as NodeJS.ErrnoException;
  const shown = `${address.shown} (of ${address.from})`;
  return new OperatorError('ENGINE_UNREACHABLE', `the Docker Engine at ${shown} cannot be reached: ${message}`, { hint: hintOf(code, address), cause: error });
}

function hintOf(code: string | undefined, { kind }: EngineAddress): string {
  if (code === 'EACCES') return 'Your user may not use the socket: it belongs to the group docker, as a rule.';
  if (code === 'ENOENT' || code === 'ECONNREFUSED') return kind === 'socket' ? 'Start it (systemctl start docker), or name another with DOCKER_HOST or a context.' : 'Is it running, and does it listen there?';
  if (code !== undefined && /CERT|SSL|TLS|SELF_SIGNED/.test(code)) return 'Check the certificates: DOCKER_CERT_PATH names their folder.';
  if (code === 'EPROTO' || code === 'HPE_INVALID_CONSTANT') return 'One side speaks TLS and the other does not: see DOCKER_TLS_VERIFY.';
  return kind === 'ssh' ? 'Try the same host with ssh: docker has to be installed there.' : 'Is it running?';
}
