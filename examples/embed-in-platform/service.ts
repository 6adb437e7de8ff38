import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { BuildOptions, Given } from 'strake';
import { optionsOf, type BuildRequest } from './build-request';
import type { Platform } from './platform';
import { RunningBuild } from './running-build';
import { Tenants } from './tenants';

/** Bytes that a request may have. */
const MOST_BYTES = 64 << 20;

/** A build service. See the README for what it answers. */
export class BuildService {
  readonly #tenants: Tenants;
  readonly #builds = new Map<string, RunningBuild>();
  readonly #server: Server;

  constructor(private readonly platform: Platform) {
    this.#tenants = new Tenants(platform);
    // An output makes its own folder, and none above it.
    mkdirSync(join(platform.folder, 'images'), { recursive: true });
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        if (!response.headersSent) response.writeHead(500);
        response.end(String(error));
      });
    });
  }

  /** Listens on this machine only, on a free port when it is 0, and gives the address. */
  async listen(port: number): Promise<string> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : String(address);
  }

  /** Takes no more requests, cancels what is built, tells its clients, and lets go of the stores: the process can end then. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    await Promise.all([...this.#builds.values()].map((build) => build.cancel()));
    await this.#tenants.close();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A real service proves who asks. The name becomes a folder: it must be nothing else.
    const tenant = String(request.headers['x-tenant'] ?? '');
    if (!/^[a-z0-9-]{1,40}$/.test(tenant)) return void response.writeHead(401).end();
    const [, root, id, what] = (request.url ?? '').split('/');
    if (root !== 'builds') return void response.writeHead(404).end();
    if (id === undefined && request.method === 'POST') return this.#begin(tenant, request, response);
    const build = this.#builds.get(id ?? '');
    if (build?.tenant !== tenant) return void response.writeHead(404).end();
    if (what === 'events' && request.method === 'GET') return this.#tell(build, request, response);
    if (what === undefined && request.method === 'DELETE') return this.#forget(build, response);
    response.writeHead(405).end();
  }

  async #begin(tenant: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    if (body === undefined) return void response.writeHead(413, { connection: 'close' }).end();
    let asked: Given<BuildOptions>;
    try {
      asked = optionsOf(JSON.parse(body) as BuildRequest);
    } catch (error) {
      return void response.writeHead(400).end(String(error));
    }
    const builder = await this.#tenants.builderOf(tenant);
    if (!this.#server.listening) return void response.writeHead(503).end();
    const secrets = { get: (id: string) => this.platform.secret(tenant, id) };
    const build = new RunningBuild(tenant, builder, { ...asked, secrets, parallelism: this.platform.stepsOfBuild }, (id) => this.#layoutOf(id));
    this.#builds.set(build.id, build);
    response.writeHead(201, { 'content-type': 'application/json', location: `/builds/${build.id}` }).end(JSON.stringify({ id: build.id }));
  }

  /** From the message on that a client saw last, when it comes back. */
  async #tell(build: RunningBuild, request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    const seen = Number(request.headers['last-event-id'] ?? -1);
    for await (const [id, { event, data }] of build.messages(Number.isSafeInteger(seen) ? Math.max(seen, -1) + 1 : 0)) {
      if (response.destroyed) return;
      response.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    }
    response.end();
  }

  async #forget(build: RunningBuild, response: ServerResponse): Promise<void> {
    await build.cancel();
    this.#builds.delete(build.id);
    await rm(this.#layoutOf(build.id), { recursive: true, force: true });
    response.writeHead(204).end();
  }

  #layoutOf(id: string): string {
    return join(this.platform.folder, 'images', id);
  }
}

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > MOST_BYTES) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}
