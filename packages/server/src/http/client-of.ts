import type { FastifyRequest } from 'fastify';
import type { TLSSocket } from 'node:tls';

/** Who asks, as far as a connection tells: a certificate, else an address; all who come by unix sockets are one. */
export function clientOf({ raw: { socket } }: FastifyRequest): string {
  const { fingerprint256 } = 'encrypted' in socket ? (socket as TLSSocket).getPeerCertificate() : {};
  return fingerprint256 ?? socket.remoteAddress ?? 'unix';
}
