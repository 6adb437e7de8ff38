import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createServer, type Address, type ServerOptions, type StrakeServer } from '@strake/server';
import { createBuilder, type Builder, type BuilderConfig } from 'strake';
import { run, type Finished } from '../engines/run';

/** A server with a store of its own. */
export interface StartedServer {
  readonly folder: string;
  readonly socket: string;
  readonly builder: Builder;
  readonly server: StrakeServer;
  readonly logs: readonly string[];
  /** Runs the docker command against it, with the classic builder. */
  docker(...words: readonly string[]): Promise<Finished>;
  /** Ends it and removes its folder. */
  close(): Promise<void>;
}

/** Starts a server on a unix socket; its builder is configured by `config`. */
export async function startServer(changes: Partial<ServerOptions> = {}, config: BuilderConfig = {}): Promise<StartedServer> {
  // Overlay mounts want a real disk.
  const folder = mkdtempSync(join(process.env['STRAKE_TEST_FOLDER'] ?? '/var/tmp', 'strake-server-'));
  const [socket, workDirectory] = [join(folder, 'docker.sock'), join(folder, 'work')];
  mkdirSync(workDirectory);
  const own = { ...config, store: join(folder, 'store') };
  const builder = await createBuilder(own);
  const logs: string[] = [];
  const server = createServer({
    builder, builderWith: (credentials) => createBuilder({ ...own, credentials }), workDirectory, version: '0.0.0', parallelBuilds: 2, waitingBuilds: 100, contextLimit: 1 << 30, logLevel: 'info',
    logTo: { write: (line) => void logs.push(line) }, ...changes,
  });
  await server.listen({ kind: 'unix', path: socket });
  const env = { DOCKER_HOST: `unix://${socket}`, DOCKER_BUILDKIT: '0', DOCKER_CONFIG: join(folder, 'docker') };
  return {
    folder, socket, builder, server, logs,
    docker: (...words) => run(['docker', ...words], { env }),
    async close() {
      await server.close(1000);
      await builder.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** An answer to a request. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends one request: to a socket's path, or to an address. */
export function send(to: string | Address, options: RequestOptions & { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer }, body?: string | Buffer): Promise<Answer> {
  const place = typeof to === 'string' ? { socketPath: to } : to.kind === 'tcp' ? { host: to.host, port: to.port } : {};
  const make = options.ca === undefined ? httpRequest : httpsRequest;
  return new Promise((resolve, reject) => {
    const request = make({ ...place, agent: false, ...options }, (response) => {
      text(response).then((received) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: received }), reject);
    });
    request.once('error', reject);
    request.end(body);
  });
}
