import { createServer as createHttp, type RequestListener, type Server } from 'node:http';
import Fastify, { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { BuildQueue } from './build/build-queue';
import { ImageEvents } from './events';
import { checkVersion, splitVersion } from './http/api-version';
import { discardRest } from './http/discard-rest';
import { identify } from './http/identify';
import { messageOf } from './http/message-of';
import { HttpError, statusOf } from './http/status-of';
import { UnderWay } from './http/under-way';
import { Connections } from './listen/connections';
import { HangUps } from './listen/hang-ups';
import { makeListener, type TlsOptions } from './listen/make-listener';
import type { Address } from './listen/parse-address';
import { createMetrics } from './metrics';
import { absentRoutes } from './routes/absent-routes';
import { authRoute } from './routes/auth-route';
import { buildRoutes } from './routes/build-routes';
import { imageRoutes } from './routes/image-routes';
import { registryRoutes } from './routes/registry-routes';
import type { ServerParts } from './routes/server-parts';
import { systemRoutes } from './routes/system-routes';
import type { ServerOptions } from './server-options';

/** A server of the Docker Engine API, as far as building and images go. */
export interface StrakeServer {
  /** Listens at a further address; resolves to what it is when the port was 0. Throws OperatorError. */
  listen(address: Address, tls?: TlsOptions): Promise<Address>;
  /** Takes no more work, waits for what is under way (at most so long, in milliseconds, or until `now`), cancels the rest, and ends. */
  close(wait: number, now?: AbortSignal): Promise<void>;
}

/** Milliseconds that answers have to reach their clients when everything has been cancelled. */
const LAST_WORDS = 2000;

/** Makes a server. It listens nowhere yet. */
export function createServer(options: ServerOptions): StrakeServer {
  const [drain, stop] = [new AbortController(), new AbortController()];
  const [underWay, connections] = [new UnderWay(), new Connections()];
  const queue = new BuildQueue(options.parallelBuilds, options.waitingBuilds);
  const parts: ServerParts = {
    options, builder: options.builder, queue, events: new ImageEvents(), metrics: createMetrics(() => queue.state, () => connections.size), connections, hangUps: new HangUps(), draining: drain.signal, stopping: stop.signal,
  };
  const { app, handle } = makeApp(parts, underWay);
  const servers: Server[] = [];
  return {
    async listen(address, tls) {
      await app.ready();
      const listener = makeListener(handle, parts.connections, tls);
      servers.push(listener.server);
      return listener.listen(address);
    },
    async close(wait, now = new AbortController().signal) {
      drain.abort();
      const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
      for (const server of servers) server.closeIdleConnections();
      await underWay.idle(AbortSignal.any([now, AbortSignal.timeout(wait)]));
      stop.abort();
      // What is cancelled is still told so; whoever does not listen is not waited for.
      const force = setTimeout(() => servers.forEach((server) => server.closeAllConnections()), LAST_WORDS);
      for (const server of servers) server.closeIdleConnections();
      await Promise.all([...closed, queue.idle()]);
      clearTimeout(force);
      await app.close();
    },
  };
}

function makeApp(parts: ServerParts, underWay: UnderWay): { readonly app: FastifyInstance; readonly handle: RequestListener } {
  let handle: RequestListener = () => undefined;
  const app = Fastify({
    logger: { level: parts.options.logLevel, stream: parts.options.logTo ?? process.stderr, base: null },
    // Bodies are streams; what is read whole is small.
    bodyLimit: 1 << 20,
    routerOptions: { maxParamLength: 4096 },
    logController: new LogController({ disableRequestLogging: true }),
    // Several servers, or one that is inherited, share the routes.
    serverFactory: (given) => {
      handle = given;
      return createHttp(given);
    },
    rewriteUrl: ({ url = '/' }) => splitVersion(url).path,
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  app.addHook('onRequest', async (request, reply) => {
    if (isWork(request)) underWay.begin();
    reply.headers({ 'Api-Version': '1.43', Server: `strake/${parts.options.version} (linux)` });
    identify(parts.connections.of(request.raw), request.headers, parts.options.tokens ?? []);
    checkVersion(splitVersion(request.originalUrl).version);
    if (parts.draining.aborted) refuseWork(request, reply);
  });
  app.addHook('onResponse', async (request, reply) => {
    if (isWork(request)) underWay.end();
    discardRest(request.raw);
    // One line a request, with its path and never its query: build arguments are in that.
    const { path } = splitVersion((request.originalUrl.split('?')[0] ?? ''));
    request.log.info({ method: request.method, path, status: reply.statusCode, milliseconds: Math.round(reply.elapsedTime) }, 'request');
    parts.metrics.requests.inc({ method: request.method, route: request.routeOptions.url ?? 'unknown', status: String(reply.statusCode) });
  });
  app.addHook('onSend', async (_request, reply) => {
    // Docker's clients read JSON under exactly this name.
    if (reply.getHeader('content-type') === 'application/json; charset=utf-8') reply.header('content-type', 'application/json');
  });
  app.setErrorHandler((error, _request, reply) => reply.code(statusOf(error)).send({ message: messageOf(error) }));
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ message: 'page not found' }));
  systemRoutes(app, parts);
  imageRoutes(app, parts);
  registryRoutes(app, parts);
  authRoute(app, parts);
  buildRoutes(app, parts);
  absentRoutes(app);
  return { app, handle: (request, response) => handle(request, response) };
}

/** Whoever follows events, or looks how the server is, keeps it from nothing. */
const isWork = ({ routeOptions: { url = '' } }: FastifyRequest): boolean => !['/events', '/health', '/metrics', '/_ping'].includes(url);

function refuseWork(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('connection', 'close');
  if (isWork(request)) throw new HttpError(503, 'the server is being stopped');
}
