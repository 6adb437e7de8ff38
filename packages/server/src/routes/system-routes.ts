import { cpus, hostname, release, totalmem } from 'node:os';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { API_VERSION, OLDEST_API_VERSION } from '../http/api-version';
import { clientSignal } from '../http/client-signal';
import { MessageStream } from '../http/message-stream';
import { queryOf } from '../http/query-of';
import { allDetails } from '../images/all-details';
import { imageUsage } from '../images/disk-usage';
import { readFilters, type Filters } from '../images/filters';
import type { ImageEvent } from '../events';
import { buildCache } from './build-cache';
import type { ServerParts } from './server-parts';
import { parseMoment } from './parse-moment';

const GO_ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64', ia32: '386' };
const architecture = GO_ARCHITECTURES[process.arch] ?? process.arch;

/** `/_ping`, `/version`, `/info`, `/events`, `/system/df`, and what only strake has: `/metrics` and `/health`. */
export function systemRoutes(app: FastifyInstance, parts: ServerParts): void {
  const { builder, options, metrics, draining } = parts;
  // A route for GET answers HEAD too.
  app.get('/_ping', async (_request, reply) => ping(reply));
  app.get('/version', async () => version(options.version));
  app.get('/info', async () => info(options.version, (await builder.images().list()).length));
  app.get('/events', async (request, reply) => events(parts, queryOf(request), reply));
  app.get('/system/df', async () => diskUsage(parts));
  app.get('/metrics', async (_request, reply) => reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()));
  app.get('/health', async (_request, reply) => reply.code(draining.aborted ? 503 : 200).send({ status: draining.aborted ? 'stopping' : 'ok' }));
}

function ping(reply: FastifyReply): FastifyReply {
  return reply
    .headers({ 'Api-Version': API_VERSION, 'Builder-Version': '1', 'Docker-Experimental': 'true', Ostype: 'linux', 'Cache-Control': 'no-cache, no-store, must-revalidate', Pragma: 'no-cache' })
    .type('text/plain; charset=utf-8')
    .send('OK');
}

function version(strake: string): Readonly<Record<string, unknown>> {
  const details = { ApiVersion: API_VERSION, MinAPIVersion: OLDEST_API_VERSION, Os: 'linux', Arch: architecture, KernelVersion: release() };
  return {
    Platform: { Name: 'strake' },
    // Clients show the component of this name as the engine itself.
    Components: [{ Name: 'Engine', Version: strake, Details: { ...details, Experimental: 'true', GitCommit: '', GoVersion: '', BuildTime: '' } }],
    Version: strake,
    GitCommit: '',
    GoVersion: '',
    Experimental: true,
    ...details,
    BuildTime: '',
  };
}

function info(strake: string, images: number): Readonly<Record<string, unknown>> {
  return {
    ID: hostname(), Name: hostname(), ServerVersion: strake, Images: images,
    Containers: 0, ContainersRunning: 0, ContainersPaused: 0, ContainersStopped: 0,
    Driver: 'strake', OperatingSystem: 'strake', OSType: 'linux', Architecture: process.arch === 'x64' ? 'x86_64' : process.arch,
    KernelVersion: release(), NCPU: cpus().length, MemTotal: totalmem(), IndexServerAddress: 'https://index.docker.io/v1/',
    ExperimentalBuild: true, Plugins: { Volume: [], Network: [], Authorization: null, Log: [] }, Swarm: { LocalNodeState: 'inactive' }, Warnings: null,
  };
}

async function diskUsage(parts: ServerParts): Promise<Readonly<Record<string, unknown>>> {
  const { layersSize, images } = imageUsage((await allDetails(parts.builder)).filter(({ intermediate }) => intermediate !== true));
  return { LayersSize: layersSize, Images: images, Containers: [], Volumes: [], BuildCache: await buildCache(parts) };
}

async function events(parts: ServerParts, query: URLSearchParams, reply: FastifyReply): Promise<FastifyReply> {
  const filters = readFilters(query, ['type', 'event', 'image']);
  const [since, until] = [parseMoment(query.get('since')), parseMoment(query.get('until'))];
  const signal = clientSignal(reply, parts.stopping);
  const wanted = (event: ImageEvent): boolean => matches(event, filters);
  const past = since === undefined ? [] : parts.events.past().filter(({ time }) => time >= since && (until === undefined || time <= until));
  const follow = parts.events.follow(until === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(Math.max(0, until * 1000 - Date.now()))]));
  const out = new MessageStream(reply, parts.options.workDirectory);
  out.open();
  for (const event of past.filter(wanted)) out.write(event);
  if (until === undefined || until * 1000 > Date.now()) for await (const event of follow) if (wanted(event)) out.write(event);
  out.end();
  return reply;
}

function matches({ Type, Action, Actor }: ImageEvent, filters: Filters): boolean {
  const has = (name: string, value: string): boolean => filters.get(name)?.includes(value) ?? true;
  return has('type', Type) && has('event', Action) && (has('image', Actor.ID) || has('image', Actor.Attributes['name'] ?? ''));
}
