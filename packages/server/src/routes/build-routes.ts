import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CancelledError, StrakeError, type BuildEvent } from '@strake/api';
import type { BuildResult } from 'strake';
import { buildSource } from '../build/build-source';
import { readBuildParameters, type BuildParameters } from '../build/build-parameters';
import { ClassicProgress } from '../build/classic-progress';
import { errorMessage } from '../build/json-messages';
import { credentialsByRegistry } from '../http/client-credentials';
import { clientSignal } from '../http/client-signal';
import { messageOf } from '../http/message-of';
import { MessageStream } from '../http/message-stream';
import { identify } from '../http/identify';
import { queryOf } from '../http/query-of';
import { HttpError } from '../http/status-of';
import { familiarName } from '../images/familiar-name';
import { pruneBuildCache } from './build-cache';
import type { ServerParts } from './server-parts';
import { withCredentials } from './with-credentials';

/** `/build`, `/build/prune` and `/build/cancel`. */
export function buildRoutes(app: FastifyInstance, parts: ServerParts): void {
  const running = new Map<string, AbortController>();
  app.post('/build', async (request, reply) => build(parts, running, request, reply));
  app.post('/build/cancel', async (request, reply) => {
    const id = queryOf(request).get('id') ?? '';
    if (id === '') throw new HttpError(400, 'build ID not provided');
    running.get(id)?.abort();
    return reply.code(204).send();
  });
  app.post('/build/prune', async (request) => pruneBuildCache(parts, queryOf(request)));
}

async function build(parts: ServerParts, running: Map<string, AbortController>, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const parameters = readBuildParameters(queryOf(request));
  const cancel = new AbortController();
  if (parameters.buildId !== undefined) running.set(parameters.buildId, cancel);
  const signal = AbortSignal.any([cancel.signal, clientSignal(reply, parts.stopping)]);
  const unwatch = parts.hangUps.watch(request.raw.socket);
  try {
    const came = performance.now();
    await parts.queue.run(() => {
      unwatch();
      parts.metrics.waitSeconds.observe((performance.now() - came) / 1000);
      return streamBuild(parts, parameters, { request, reply, signal });
    }, signal, identify(parts.connections.of(request.raw), request.headers, parts.options.tokens ?? []));
  } finally {
    unwatch();
    if (parameters.buildId !== undefined) running.delete(parameters.buildId);
  }
  return reply;
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly signal: AbortSignal;
}

/** What fails before the first line is an HTTP status, what fails later the stream's last message: as the engine does it. */
async function streamBuild(parts: ServerParts, parameters: BuildParameters, { request, reply, signal }: Exchange): Promise<void> {
  const out = new MessageStream(reply, parts.options.workDirectory, parameters.quiet);
  const progress = new ClassicProgress((stream) => out.write({ stream }), { folder: parts.options.workDirectory, remove: parameters.remove, labels: parameters.labels });
  const begun = performance.now();
  try {
    const result = await run(parts, parameters, { request, signal, onEvent: (event) => progress.event(event) });
    progress.finish(result, result.names.map(familiarName));
    out.release({ forget: true });
    tell(parts, result, parameters, out);
    ended(parts, 'done', begun);
  } catch (error) {
    ended(parts, error instanceof CancelledError ? 'cancelled' : 'failed', begun);
    logFailure(request, error);
    if (!out.used) throw asked(error);
    out.release({ forget: false });
    out.write(errorMessage(error));
  } finally {
    progress.close();
  }
  out.end();
}

/**
 * What the backend cannot do was asked for, by a parameter or by the Dockerfile: a bad request, as the engine answers `squash`, `securityopt`, `isolation`
 * or a session that it does not have. 501 is for requests that have no answer whatever they say.
 */
function asked(error: unknown): unknown {
  return error instanceof StrakeError && error.code === 'UNSUPPORTED' ? new HttpError(400, messageOf(error)) : error;
}

async function run(parts: ServerParts, parameters: BuildParameters, { request, signal, onEvent }: { readonly request: FastifyRequest; readonly signal: AbortSignal; readonly onEvent: (event: BuildEvent) => void }): Promise<BuildResult> {
  const { target, platform, network, extraHosts, labels, buildArgs, tags, noCache, pull, limits, squash, remove } = parameters;
  // Images alone: whoever asks for a build must not name folders of this machine.
  const cacheFrom = parameters.cacheFrom.map((ref) => ({ type: 'registry', ref }));
  return withCredentials(parts, credentialsByRegistry(request.headers), (builder) => builder.build({
    ...buildSource(parameters, request.raw, parts.options),
    tags, noCache, cacheFrom, network, squash, extraHosts, labels, buildArgs, signal, onEvent: (event) => {
      count(parts, event);
      onEvent(event);
    },
    ...(pull ? { pull: 'always' as const } : {}),
    ...(target === undefined ? {} : { target }),
    ...(platform === undefined ? {} : { platform }),
    ...(limits === undefined ? {} : { limits }),
    ...(remove || builder.images().keptBy === 'store' ? {} : { keepContainers: true }),
  }));
}

/** What is expected to go wrong is a line; what is a bug of ours comes with its stack. */
function logFailure({ log }: FastifyRequest, error: unknown): void {
  if (error instanceof StrakeError) log.info({ code: error.code, error: error.message }, 'the build failed');
  else log.error({ err: error }, 'the build failed');
}

function count({ metrics }: ServerParts, event: BuildEvent): void {
  if (event.type === 'cached') metrics.steps.inc({ result: 'cached' });
  if (event.type === 'done') metrics.steps.inc({ result: event.error === undefined ? 'built' : 'failed' });
}

function ended({ metrics }: ServerParts, result: string, begun: number): void {
  metrics.builds.inc({ result });
  metrics.buildSeconds.observe((performance.now() - begun) / 1000);
}

function tell({ events }: ServerParts, { imageId, names }: BuildResult, { quiet }: BuildParameters, out: MessageStream): void {
  out.write({ aux: { ID: imageId } });
  if (quiet) out.write({ stream: `${imageId}\n` });
  events.tell('build', imageId, names[0] === undefined ? imageId : familiarName(names[0]), 'builder');
  for (const name of names) events.tell('tag', imageId, familiarName(name));
}
