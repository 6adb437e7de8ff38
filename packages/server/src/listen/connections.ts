import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { peerOf } from '@strake/syscalls';
import { descriptorOf } from './descriptor-of';

/** Who is at the other end of a connection, as far as the connection itself tells. */
export type Peer =
  /** Its mode says who may open it. `uid` and `pid` are the kernel's; undefined where it does not tell. */
  | { readonly kind: 'unix'; readonly uid: number | undefined; readonly pid: number | undefined }
  /** The listener has checked its certificate. */
  | { readonly kind: 'certificate'; readonly fingerprint: string }
  | { readonly kind: 'tcp'; readonly address: string };

/**
 * Remembers who is at the other end from the moment a connection is accepted. It cannot be asked later: a connection that was reset has lost its
 * address, and would look like one of a unix socket.
 */
export class Connections {
  readonly #peers = new WeakMap<Socket, Peer>();
  readonly #open = new Set<Socket>();

  /** How many are open. */
  get size(): number {
    return this.#open.size;
  }

  accept(socket: Socket, unix: boolean): void {
    this.#peers.set(socket, unix ? unixPeer(socket) : netPeer(socket));
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
  }

  /** Of a connection that was never accepted nothing is known. */
  of({ socket }: IncomingMessage): Peer {
    return this.#peers.get(socket) ?? { kind: 'tcp', address: 'unknown' };
  }
}

function netPeer(socket: Socket): Peer {
  if (socket instanceof TLSSocket) return { kind: 'certificate', fingerprint: socket.getPeerCertificate().fingerprint256 ?? 'unknown' };
  return { kind: 'tcp', address: socket.remoteAddress ?? 'unknown' };
}

function unixPeer(socket: Socket): Peer {
  const nothing: Peer = { kind: 'unix', uid: undefined, pid: undefined };
  const fd = descriptorOf(socket);
  if (fd === undefined) return nothing;
  try {
    const { uid, pid } = peerOf(fd);
    return { kind: 'unix', uid, pid: pid === 0 ? undefined : pid };
  } catch {
    // Another system than Linux: all who come are one.
    return nothing;
  }
}
