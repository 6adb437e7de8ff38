import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { formatError, type Builder } from 'strake';
import { progressOf } from './progress-of';

/** What a client asks for: `POST /builds` with this as JSON. */
interface BuildRequest {
  /** The Dockerfile's text. */
  readonly dockerfile: string;
  /** A folder of the server, or files: their content by their paths. */
  readonly context: string | { readonly files: Readonly<Record<string, string>> };
  readonly tags?: readonly string[];
}

/**
 * A build service. `POST /builds` answers with server-sent events: `progress` while it builds, then `image` or `failure`.
 * A client that goes away cancels its build.
 */
export function createService(builder: Builder): Server {
  return createServer((request, response) => {
    if (request.method === 'POST' && request.url === '/builds') void stream(builder, request, response);
    else response.writeHead(404).end();
  });
}

async function stream(builder: Builder, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const send = (event: string, data: unknown): void => void response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  try {
    const { dockerfile, context, tags = [] } = JSON.parse(await text(request)) as BuildRequest;
    const run = builder.start({ context, tags, dockerfile: { text: dockerfile, name: 'Dockerfile' }, signal: gone.signal });
    const report = progressOf((progress) => send('progress', progress));
    for await (const event of run.events) report(event);
    const { imageId, names } = await run.result;
    send('image', { imageId, names });
  } catch (error) {
    send('failure', { message: formatError(error) });
  }
  response.end();
}

/** Starts listening on a free port of this machine only, and gives its address. */
export async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('a listening server has an address and a port');
  return `http://127.0.0.1:${address.port}`;
}
