import { bind } from './libc';
import { check } from './system-error';

const nativeGetSocketOption = bind('int getsockopt(int fd, int level, int name, _Out_ uint8_t *value, _Inout_ uint32_t *length)');
const SOL_SOCKET = 1;
const SO_PEERCRED = 17;
const SIZE = 12;

/** Who opened a connection to a unix socket, as the kernel noted it then. */
export interface SocketPeer {
  /** 0 when it is of another pid namespace, from which this one cannot see it. */
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

/** SO_PEERCRED of a connected unix socket (unix(7)): nothing that a client says. */
export function peerOf(fd: number): SocketPeer {
  const credentials = Buffer.alloc(SIZE);
  check(nativeGetSocketOption(fd, SOL_SOCKET, SO_PEERCRED, credentials, new Uint32Array([SIZE])), 'getsockopt');
  const numbers = new Uint32Array(credentials.buffer, credentials.byteOffset, SIZE / 4);
  return { pid: numbers[0] ?? 0, uid: numbers[1] ?? 0, gid: numbers[2] ?? 0 };
}
