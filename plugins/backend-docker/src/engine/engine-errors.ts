import { CancelledError, OperatorError, StrakeError } from '@strake/api';
import type { EngineAddress } from './engine-address';
import { ProgramError } from './program-connection';

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
  const { why, hint } = explained(error as NodeJS.ErrnoException, address);
  return new OperatorError('ENGINE_UNREACHABLE', `the Docker Engine at ${placeOf(address)} cannot be reached: ${why}`, { hint, cause: error });
}

/** What another answer than OK to a ping means. */
export function pingError(status: number, said: string, address: EngineAddress): OperatorError {
  const hint = /HTTP request to an HTTPS server/.test(said) ? 'It wants TLS: DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, or --backend-opt tls=FOLDER.' : 'Is that a Docker Engine?';
  return new OperatorError('ENGINE_UNREACHABLE', `the Docker Engine at ${placeOf(address)} answers a ping with status ${status}: ${said}`, { hint });
}

const placeOf = ({ shown, from }: EngineAddress): string => `${shown} (of ${from})`;

interface Explained {
  readonly why: string;
  readonly hint: string;
}

function explained(error: NodeJS.ErrnoException, address: EngineAddress): Explained {
  if (address.kind === 'ssh') return ofSsh(error);
  const { code = '', message } = error;
  if (address.kind === 'tcp' && address.tls !== undefined) {
    const ofTls = tlsError(code, message, address.tls);
    if (ofTls !== undefined) return ofTls;
  }
  if (code === 'EACCES') return { why: message, hint: 'Your user may not use the socket: it belongs to the group docker, as a rule.' };
  if (code === 'HPE_INVALID_CONSTANT') return { why: message, hint: 'It does not answer in HTTP: with TLS it wants DOCKER_TLS_VERIFY=1.' };
  if (address.kind === 'socket' && /ENOENT|ECONNREFUSED/.test(code)) return { why: message, hint: 'Start it (systemctl start docker), or name another with DOCKER_HOST or a context.' };
  return { why: message, hint: code === 'ECONNREFUSED' ? 'Is it running, and does it listen there?' : 'Is it running?' };
}

/** What OpenSSL says of itself is left out: the place in its source, and the thread. */
function tlsError(code: string, message: string, { cert, folder }: { readonly cert?: Buffer; readonly folder?: string }): Explained | undefined {
  const files = folder === undefined ? 'DOCKER_CERT_PATH names the folder of ca.pem, cert.pem and key.pem.' : `The certificates are those of ${folder}.`;
  if (/ALERT.*(?:CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE)/.test(code)) {
    const why = cert === undefined ? 'it wants a client certificate, and there is none' : 'it does not accept the client certificate (cert.pem)';
    return { why, hint: files };
  }
  if (code === 'EPROTO' || /WRONG_VERSION_NUMBER|PACKET_LENGTH/.test(code)) return { why: 'it does not speak TLS', hint: 'Without TLS: no DOCKER_TLS_VERIFY, or --backend-opt tls=false.' };
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return { why: `its certificate is for another host: ${message}`, hint: 'Name it as its certificate does.' };
  if (/CERT|VERIFY|SIGNATURE|ISSUER/.test(code)) return { why: `its certificate is not trusted: ${message}`, hint: `ca.pem has to be the authority that signed it. ${files}` };
  return undefined;
}

function ofSsh(error: NodeJS.ErrnoException): Explained {
  const { message, code } = error;
  if (code === 'ENOENT') return { why: 'there is no program ssh', hint: 'Install an SSH client, such as openssh-client.' };
  if (/Host key verification failed/.test(message)) return { why: message, hint: 'Connect once by hand with ssh, and check its key: known_hosts has it then.' };
  if (/Permission denied \(/.test(message)) return { why: message, hint: 'It wants a key that it knows: add it to your agent (ssh-add), or name it in ~/.ssh/config.' };
  if (error instanceof ProgramError && error.exitCode === 127) return { why: message, hint: 'docker has to be installed there, where a command over ssh finds it.' };
  if (/dial unix|docker daemon/i.test(message)) return { why: message, hint: 'SSH works; the engine of that machine does not run, or your user there may not use it.' };
  return { why: message, hint: 'Try the same host with ssh: docker has to be installed there.' };
}
