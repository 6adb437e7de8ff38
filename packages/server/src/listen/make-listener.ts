import { createServer as createHttp, type RequestListener, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { Socket } from 'node:net';
import type { Connections } from './connections';
import { listen } from './listen';
import type { Address } from './parse-address';

/** Certificates of a TLS listener, PEM. Only clients whose certificate the CA signed are let in. */
export interface TlsOptions {
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Bytes of a request's head. Build arguments and the credentials of many registries are in it; the engine takes a megabyte. */
const MOST_HEAD = 256 * 1024;

/** Connections at once; further ones are closed. With `MOST_HEAD` it bounds what clients can make a server hold. */
const MOST_CONNECTIONS = 1024;

/** An HTTP server that notes who opens each connection. */
export interface Listener {
  readonly server: Server;
  /** Throws OperatorError. */
  listen(address: Address): Promise<Address>;
}

/** Makes one. A head has 30 seconds to come. */
export function makeListener(handle: RequestListener, connections: Connections, tls: TlsOptions | undefined): Listener {
  const limits = { maxHeaderSize: MOST_HEAD, headersTimeout: 30_000, requestTimeout: 0, connectionsCheckingInterval: 5000 };
  const server = tls === undefined ? createHttp(limits, handle) : createHttps({ ...limits, ...tls, requestCert: true, rejectUnauthorized: true }, handle);
  server.maxConnections = MOST_CONNECTIONS;
  // Until it is known what is listened on nobody is trusted.
  let unix = false;
  server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => connections.accept(socket, unix));
  return {
    server,
    async listen(address) {
      const bound = await listen(server, address);
      const at = server.address();
      // An inherited unix socket has no name here.
      unix = tls === undefined && (at === null || typeof at === 'string');
      return bound;
    },
  };
}
