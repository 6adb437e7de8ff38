import { createServer, request as forwardRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A server whose every answer the test writes. */
export interface ScriptedServer {
  /** `127.0.0.1:41234` */
  readonly host: string;
  /** What was asked so far. */
  readonly requests: readonly { readonly method: string; readonly path: string; readonly headers: IncomingMessage['headers'] }[];
  stop(): Promise<void>;
}

/** Answers a request; `forward` gives it to another server, whose answer `change` may spoil. */
export type Script = (request: IncomingMessage, response: ServerResponse, forward: (host: string, change?: Change) => void) => void;

/** Takes the pieces of a forwarded body; the default writes them. */
export type Change = (answer: IncomingMessage, response: ServerResponse) => void;

/** Starts one on a free port. */
export async function startScripted(script: Script): Promise<ScriptedServer> {
  const requests: { method: string; path: string; headers: IncomingMessage['headers'] }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    requests.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers });
    response.on('error', () => undefined);
    script(request, response, (host, change = pass) => forward(request, response, host, change));
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    requests,
    stop: () => new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    }),
  };
}

function forward(request: IncomingMessage, response: ServerResponse, host: string, change: Change): void {
  const [hostname = '', port = ''] = host.split(':');
  const onward = forwardRequest({ hostname, port, method: request.method, path: request.url, headers: request.headers, agent: false }, (answer) => change(answer, response));
  onward.on('error', () => response.destroy());
  request.pipe(onward);
}

const pass: Change = (answer, response) => {
  response.writeHead(answer.statusCode ?? 500, answer.headers);
  answer.pipe(response);
};

/** A body that breaks after so many bytes. */
export function cutAfter(bytes: number): Change {
  return (answer, response) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    let left = bytes;
    answer.on('data', (chunk: Buffer) => {
      response.write(chunk.subarray(0, Math.max(0, left)));
      left -= chunk.length;
      if (left > 0) return;
      answer.destroy();
      // What was written is on its way before the connection ends.
      response.socket?.end();
    });
    answer.on('error', () => undefined);
  };
}
