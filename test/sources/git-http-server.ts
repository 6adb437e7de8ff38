import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Repositories by http, as git's own CGI program serves them. */
export interface GitHttpServer {
  readonly host: string;
  /** The last value of `Authorization` that came. */
  authorization: string | undefined;
  /** The one value that is let in; everybody where it is undefined. */
  wanted: string | undefined;
  close(): Promise<void>;
}

/** Serves the bare repositories below a folder. */
export async function startGitHttpServer(folder: string): Promise<GitHttpServer> {
  const state: { authorization: string | undefined; wanted: string | undefined } = { authorization: undefined, wanted: undefined };
  const server = createServer((request, response) => {
    state.authorization = request.headers.authorization;
    if (state.wanted !== undefined && state.authorization !== state.wanted) response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
    else serve(folder, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(state, {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: (): Promise<void> => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  });
}

function serve(folder: string, request: IncomingMessage, response: ServerResponse): void {
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const { 'content-type': type, 'content-encoding': encoding, 'git-protocol': protocol, 'content-length': length } = request.headers;
  const env = {
    PATH: process.env['PATH'], GIT_PROJECT_ROOT: folder, GIT_HTTP_EXPORT_ALL: '1', PATH_INFO: path, QUERY_STRING: query, REQUEST_METHOD: request.method, GIT_CONFIG_NOSYSTEM: '1',
    CONTENT_TYPE: type ?? '', CONTENT_LENGTH: length ?? '', HTTP_CONTENT_ENCODING: encoding ?? '', GIT_PROTOCOL: String(protocol ?? ''), HOME: folder,
    GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*',
  };
  const child = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  request.pipe(child.stdin).on('error', () => undefined);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.on('close', () => {
    const answer = Buffer.concat(chunks);
    const end = answer.indexOf('\r\n\r\n');
    const headers = answer.toString('latin1', 0, end).split('\r\n').map((line) => /^([^:]*): (.*)$/.exec(line) ?? []);
    const status = Number(headers.find(([, name]) => name === 'Status')?.[2]?.slice(0, 3) ?? 200);
    for (const [, name, value = ''] of headers) if (name !== undefined && name !== 'Status') response.setHeader(name, value);
    response.writeHead(status).end(answer.subarray(end + 4));
  });
}
