import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a path answers: a text with headers, or whatever a function does. */
export type Answer = ((request: IncomingMessage, response: ServerResponse) => void) | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string | Buffer };

/** A request that came. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

/** A server of files by http on a free port of this machine. */
export interface FileServer {
  readonly host: string;
  /** By path, with its query. */
  readonly answers: Map<string, Answer>;
  readonly asked: Asked[];
  readonly url: (path: string) => string;
  close(): Promise<void>;
}

/** Starts one. `name` is what URLs call it; both of `127.0.0.1` and `localhost` lead here. */
export async function startFileServer(name = '127.0.0.1'): Promise<FileServer> {
  const answers = new Map<string, Answer>();
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push({ method: request.method ?? '', path, headers: request.headers });
    const answer = answers.get(path) ?? { status: 404, body: 'no such file' };
    if (typeof answer === 'function') answer(request, response);
    else response.writeHead(answer.status ?? 200, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `${name}:${(server.address() as AddressInfo).port}`;
  return {
    host, answers, asked,
    url: (path) => `http://${host}${path}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
