import type { Writable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CancelledError, type BuildEvent } from '@strake/api';
import type { BuildResult } from 'strake';
import { buildSource } from '../build/build-source';
import { readBuildParameters, type BuildParameters } from '../build/build-parameters';
import { ClassicProgress } from '../build/classic-progress';
import { encodeMessage, errorMessage, type JsonMessage } from '../build/json-messages';
import { clientSignal } from '../http/client-signal';
import { booleanOf } from '../http/query';
import { queryOf } from '../http/query-of';
import { HttpError } from '../http/status-of';
import { familiarName } from '../images/familiar-name';
import type { ServerParts } from './server-parts';

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
  app.post('/build/prune', async (request) => {
    const { deleted, reclaimed } = await parts.builder.images().prune({ all: booleanOf(queryOf(request), 'all'), dryRun: false });
    return { CachesDeleted: deleted, SpaceReclaimed: reclaimed };
  });
}

async function build(parts: ServerParts, running: Map<string, AbortController>, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const parameters = readBuildParameters(queryOf(request));
  const cancel = new AbortController();
  if (parameters.buildId !== undefined) running.set(parameters.buildId, cancel);
  const signal = AbortSignal.any([cancel.signal, clientSignal(reply, parts.stopping)]);
  try {
    await parts.queue.run(() => streamBuild(parts, parameters, { request, reply, signal }), signal);
  } finally {
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
  const out = new MessageStream(reply);
  const progress = new ClassicProgress((stream) => out.write({ stream }));
  const kept: JsonMessage[] = [];
  if (parameters.quiet) out.keep(kept);
  const begun = performance.now();
  try {
    const result = await run(parts, parameters, { request, signal, onEvent: (event) => progress.event(event) });
    progress.finish(result, result.names.map(familiarName));
    out.release();
    tell(parts, result, parameters, out);
    ended(parts, 'done', begun);
  } catch (error) {
    ended(parts, error instanceof CancelledError ? 'cancelled' : 'failed', begun);
    request.log.info({ err: error }, 'the build ended with an error');
    if (!out.begun && kept.length === 0) throw error;
    out.release();
    for (const message of kept) out.write(message);
    out.write(errorMessage(error));
  }
  out.end();
}

async function run(parts: ServerParts, parameters: BuildParameters, { request, signal, onEvent }: { readonly request: FastifyRequest; readonly signal: AbortSignal; readonly onEvent: (event: BuildEvent) => void }): Promise<BuildResult> {
  const { target, platform, network, extraHosts, labels, buildArgs, tags, noCache } = parameters;
  return parts.builder.build({
    ...buildSource(parameters, request.body),
    tags, noCache, network, extraHosts, labels, buildArgs, signal, onEvent: (event) => {
      count(parts, event);
      onEvent(event);
    },
    ...(target === undefined ? {} : { target }),
    ...(platform === undefined ? {} : { platform }),
  });
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

/** A progress stream that begins with its first message: until then the answer can still be a status. */
class MessageStream {
  readonly #reply: FastifyReply;
  #kept: JsonMessage[] | undefined;
  begun = false;

  constructor(reply: FastifyReply) {
    this.#reply = reply;
  }

  /** Messages go to a list until `release`. */
  keep(kept: JsonMessage[]): void {
    this.#kept = kept;
  }

  release(): void {
    this.#kept = undefined;
  }

  write(message: JsonMessage): void {
    if (this.#kept !== undefined) {
      this.#kept.push(message);
      return;
    }
    if (!this.begun) this.#begin();
    this.#raw.write(encodeMessage(message));
  }

  end(): void {
    if (!this.begun) this.#begin();
    this.#raw.end();
  }

  get #raw(): Writable {
    return this.#reply.raw;
  }

  #begin(): void {
    this.begun = true;
    this.#reply.hijack();
    const headers = this.#reply.getHeaders();
    this.#reply.raw.writeHead(200, { ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])), 'content-type': 'application/json' });
  }
}
